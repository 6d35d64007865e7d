/// The bytes under a connection: a TCP socket, TLS over one, or a test's memory.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include "base/error.h"
#include "tls/handles.h"

namespace prombraid::server {

struct Moved {
  Moved(boost::system::error_code e, std::size_t n) : error(e), bytes(n) {}

  boost::system::error_code error;  ///< asio::error::eof at the peer's end
  std::size_t bytes = 0;
};

/// One read and one write may be under way at a time. Neither throws.
class Stream {
 public:
  virtual ~Stream() = default;

  /// What must come before the first byte, for TLS. The error tells why it failed.
  virtual boost::asio::awaitable<Result<void>> handshake() { co_return Result<void>(); }

  virtual boost::asio::awaitable<Moved> read_some(std::span<char> into) = 0;
  /// Hands over a part of `buffers`, at least a byte.
  virtual boost::asio::awaitable<Moved> write_some(
      std::span<const boost::asio::const_buffer> buffers) = 0;

  virtual void cancel() = 0;         ///< what is under way ends with operation_aborted
  virtual void shutdown_send() = 0;  ///< a clean end of what was sent
  virtual void close() = 0;
  virtual void reset() = 0;  ///< closes so that the peer sees an error, never an end
  /// The peer has sent its end or a reset, even where unread bytes are in front of it.
  virtual bool peer_closed() = 0;
  /// Something came, or the peer's end, that was not read.
  virtual bool has_unread() = 0;
};

/// Takes a connected socket and switches Nagle's delay off.
std::unique_ptr<Stream> tcp_stream(boost::asio::ip::tcp::socket socket);

/// The same with TLS, whose handshake is still to be made.
std::unique_ptr<Stream> tls_stream(boost::asio::ip::tcp::socket socket, tls::Ssl ssl);

}  // namespace prombraid::server
