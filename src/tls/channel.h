/// TLS over a connected socket that somebody else owns. OpenSSL reads and writes the descriptor
/// itself and Asio tells when it can go on, so that nothing is copied twice and an idle connection
/// holds no buffers.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include "tls/handles.h"

namespace prombraid::tls {

namespace asio = boost::asio;
using boost::system::error_code;

/// One read and one write may be under way at a time, on one thread. Nothing throws. Closing or
/// cancelling the socket ends what is under way with operation_aborted. The peer's end, with or
/// without TLS's own close_notify, is asio::error::eof: HTTP's framing tells whether it came early.
///
/// Writes to a socket that the peer has closed raise SIGPIPE, which the process ignores.
class Channel {
 public:
  using Moved = std::pair<error_code, std::size_t>;

  /// `socket` is connected and outlives this.
  Channel(asio::ip::tcp::socket& socket, Ssl ssl);
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  asio::awaitable<error_code> handshake();

  /// At most one record, 16 KiB.
  asio::awaitable<Moved> read_some(asio::mutable_buffer into);
  /// At least a byte. Small buffers share a record.
  asio::awaitable<Moved> write_some(std::span<const asio::const_buffer> from);

  /// Sends close_notify as far as that goes without waiting.
  void say_end();

  /// Something was received that nobody has read.
  bool has_unread() const { return SSL_has_pending(ssl_.get()) == 1; }

  /// The client began with an HTTP request instead of TLS.
  bool met_plain_http() const { return met_plain_http_; }

  /// What went wrong, where an error was `protocol_error`: a line for people, which may hold what
  /// the peer's certificate says, as printable ASCII.
  const std::string& trouble() const { return trouble_; }

 private:
  /// Runs `step` until it gives more than 0, waiting as OpenSSL asks for.
  template <class Step>
  asio::awaitable<error_code> drive(Step step);
  error_code failed(int outcome);

  asio::ip::tcp::socket& socket_;
  Ssl ssl_;
  std::string refusal_;  ///< what a verify callback said
  std::string trouble_;
  bool met_plain_http_ = false;
  bool broken_ = false;  ///< after an error of TLS's or the socket's nothing more may be sent
};

}  // namespace prombraid::tls
