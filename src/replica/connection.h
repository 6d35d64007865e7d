/// One connection with a deadline, plain or with TLS. Nothing else touches the socket.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include "tls/handles.h"

namespace prombraid::replica {

namespace asio = boost::asio;
using boost::system::error_code;
using Deadline = std::chrono::steady_clock::time_point;
inline constexpr Deadline no_deadline = Deadline::max();

/// All operations report by error code. One read or write at a time. After the deadline, and after
/// `close()`, a pending operation ends with an error, and so does every later one.
class Connection {
 public:
  explicit Connection(asio::any_io_executor executor);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  asio::awaitable<error_code> connect(asio::ip::tcp::endpoint peer);
  /// Makes TLS of it; all that is read and written from then on goes through it.
  asio::awaitable<error_code> secure(tls::Ssl ssl);
  bool secured() const;
  /// What went wrong in TLS, in words; empty where it was the network.
  const std::string& trouble() const;

  asio::awaitable<std::pair<error_code, std::size_t>> read_some(asio::mutable_buffer into);
  /// True where the last read took as much as it had room for: there is more, most likely.
  bool filled() const;
  asio::awaitable<error_code> write_all(asio::const_buffer from);

  /// For all that is pending and all that follows, until it is set again.
  void expires_at(Deadline deadline);
  bool expired() const;

  /// True while the peer has neither sent anything that was not read nor closed its side.
  bool quiet();

  void close();

 private:
  struct State;
  std::shared_ptr<State> state_;  ///< shared with a timer that may fire late
};

}  // namespace prombraid::replica
