/// Kept-alive connections to replicas, one pool for each io_context (and so for each thread).
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "access/access.h"
#include "replica/connection.h"
#include "replica/failure.h"

namespace prombraid::replica {

struct ConnectOptions {
  std::chrono::milliseconds connect_timeout{2000};
  std::chrono::milliseconds idle_limit{60000};  ///< below the 5 min after which Prometheus closes
  std::size_t idle_per_endpoint = 16;           ///< a server runs 10 reads at once by default
  /// TLS and credentials of the set whose replicas these are, never null: without any, the system's
  /// authorities for https, which are read once for all that share it. Used by one thread.
  std::shared_ptr<access::Access> access =
      std::make_shared<access::Access>(access::Options(), nullptr);
};

/// Not thread-safe; outlives every stream that uses it. A timer of its own runs while there are
/// idle connections: `close_idle()` lets `io_context::run` end.
class Connections {
 public:
  Connections(asio::any_io_executor executor, ConnectOptions options);
  ~Connections();

  /// An idle connection that is still open and has nothing unread; null where there is none.
  std::unique_ptr<Connection> take_idle(const Endpoint& endpoint);

  /// A new connection, with TLS where the endpoint wants it. Fails with refused, connect_timeout,
  /// timeout (the deadline came first), tls, credentials (a certificate's file) or cancelled.
  asio::awaitable<ReadResult<std::unique_ptr<Connection>>> connect(Endpoint endpoint,
                                                                   Deadline deadline);

  /// Keeps a connection whose last answer was read to its end; the oldest goes where the endpoint
  /// has enough of them. Whether something unread waits in it is seen when it is taken.
  void give_back(const Endpoint& endpoint, std::unique_ptr<Connection> connection);

  /// Header lines that go with each request to `endpoint`, each ending in CRLF. Waits, where
  /// the first OAuth2 token is still being fetched. Fails with credentials, timeout or cancelled.
  asio::awaitable<ReadResult<std::string>> header_lines(Endpoint endpoint, Deadline deadline);
  bool has_credentials() const { return options_.access->sends_headers(); }

  /// What a replica wrote, without the secrets that it was sent.
  std::string without_secrets(std::string text) const;

  void close_idle();
  std::size_t idle() const;

 private:
  struct Idle {
    std::unique_ptr<Connection> connection;
    std::chrono::steady_clock::time_point until;
  };

  asio::awaitable<ReadResult<void>> secure(const Endpoint& endpoint, Connection& connection);
  void close_old();
  void schedule_close();

  asio::any_io_executor executor_;
  ConnectOptions options_;
  std::unordered_map<std::string, std::deque<Idle>> idle_;  ///< by ip:port, oldest first
  asio::steady_timer timer_;
  bool scheduled_ = false;
  std::shared_ptr<Connections*> self_;  ///< gone when a late timer looks for it
};

}  // namespace prombraid::replica
