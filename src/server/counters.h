/// What the HTTP edge counts. Written by the servers' threads, read by whoever shows metrics.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace prombraid::server {

/// Why a connection or request was turned away before a route saw it.
enum class Refusal : std::uint8_t {
  malformed,        ///< 400: not HTTP/1.x, bad line endings, folds, bad characters
  host,             ///< 400: none, several or an invalid Host
  framing,          ///< 400: Content-Length or chunking that two readers could see differently
  coding,           ///< 501: a transfer coding other than `chunked`
  length_required,  ///< 411
  body_limit,       ///< 413
  target_limit,     ///< 414
  head_limit,       ///< 431: bytes or fields of the head or trailer
  version,          ///< 505, or 400 where it is no version at all
  expectation,      ///< 417
  timeout,          ///< 408
  memory,           ///< 503: too many bytes of bodies at once
  count_            ///< how many there are
};

/// "malformed", "head_limit": the metric's label.
const char* name_of(Refusal reason);

/// One instance may serve any number of servers. All but `connections` only grow.
struct ServerCounters {
  using Cell = std::atomic<std::uint64_t>;

  std::atomic<std::int64_t> connections{0};  ///< open now
  Cell accepted{0};
  Cell accept_errors{0};   ///< EMFILE and its like
  Cell accept_pauses{0};   ///< the connection limit was reached and no connection was idle
  Cell idle_closed{0};     ///< closed for the idle time-out
  Cell evicted{0};         ///< idle ones closed to make room
  Cell clients_gone{0};    ///< left while their route ran
  Cell aborted{0};         ///< answers broken off by reset, by whatever cause
  Cell write_timeouts{0};  ///< of those: the client took no byte for too long
  Cell tls_failures{0};    ///< handshakes that did not end well
  Cell route_failures{0};  ///< routes that threw or did not answer
  Cell bytes_in{0};
  Cell bytes_out{0};
  std::array<Cell, static_cast<std::size_t>(Refusal::count_)> refused{};

  void refuse(Refusal reason) { ++refused[static_cast<std::size_t>(reason)]; }
  std::uint64_t refusals(Refusal reason) const {
    return refused[static_cast<std::size_t>(reason)].load();
  }
};

/// A request that was answered, or broken off.
struct Finished {
  std::string_view method;  ///< "GET", "POST", ... or "other": never a client's own word
  std::string_view path;    ///< as added to the Router, empty for an unknown path
  std::string_view asked;   ///< the path as the client wrote it, without its query
  std::string_view remote;  ///< where the client is
  unsigned status = 0;      ///< 0: the connection broke before an answer began
  bool complete = false;    ///< the whole answer was handed to the kernel
  std::uint64_t body_in = 0;
  std::uint64_t bytes_out = 0;                 ///< head, chunk lines and body
  std::chrono::steady_clock::duration took{};  ///< from the end of the request
};

class Guard;

/// Called on the server's thread; must not block. Empty ones are not called.
struct ServerHooks {
  std::function<void(const Finished&)> finished;
  std::function<void(std::string_view line)> warn;  ///< one line for the log
  Guard* guard = nullptr;                           ///< null: plain HTTP for everybody
};

}  // namespace prombraid::server
