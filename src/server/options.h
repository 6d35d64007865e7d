/// Every limit and time-out of the HTTP edge, with the value it has when nobody says otherwise.
#pragma once

#include <chrono>
#include <cstddef>

namespace prombraid::server {

/// What a request may weigh. Checked before memory is taken for it.
struct HttpLimits {
  std::size_t target_bytes = 8 * 1024;        ///< above: 414
  std::size_t head_bytes = 32 * 1024;         ///< request line and fields; above: 431
  std::size_t headers = 100;                  ///< fields, and fields of a trailer; above: 431
  std::size_t chunk_extension_bytes = 256;    ///< of one chunk; above: 400
  std::size_t trailer_bytes = 8 * 1024;       ///< with the last chunk's line; above: 431
  std::size_t body_bytes = 32 * 1024 * 1024;  ///< above: 413. Prometheus's own number
};

struct ServerTimeouts {
  std::chrono::milliseconds head{10'000};   ///< first byte to end of the head: 408
  std::chrono::milliseconds body{30'000};   ///< end of the head to end of the body: 408
  std::chrono::milliseconds write{30'000};  ///< while the client takes no byte at all: abort
  std::chrono::milliseconds idle{120'000};  ///< kept alive without a request: closed
  std::chrono::milliseconds linger{1'000};  ///< reading on after a refusal, so that it arrives
  /// How often deadlines and departed clients are looked for: their precision.
  std::chrono::milliseconds tick{250};
};

struct ServerOptions {
  HttpLimits limits;
  ServerTimeouts timeouts;
  std::size_t connections = 512;  ///< a thread's. Above: the oldest idle one is closed
  /// Of all bodies that one thread receives or answers; above: 503 with Retry-After.
  std::size_t bodies_bytes = 256 * 1024 * 1024;
  bool reuse_port = false;  ///< SO_REUSEPORT: each thread binds the same address
};

}  // namespace prombraid::server
