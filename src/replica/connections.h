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

#include "replica/connection.h"
#include "replica/failure.h"

namespace prombraid::replica {

struct ConnectOptions {
  std::chrono::milliseconds connect_timeout{2000};
  std::chrono::milliseconds idle_limit{60000};  ///< below the 5 min after which Prometheus closes
  std::size_t idle_per_endpoint = 16;           ///< a server runs 10 reads at once by default
};

/// Not thread-safe; outlives every stream that uses it. A timer of its own runs while there are
/// idle connections: `close_idle()` lets `io_context::run` end.
class Connections {
 public:
  Connections(asio::any_io_executor executor, ConnectOptions options);
  ~Connections();

  /// An idle connection that is still open and has nothing unread; null where there is none.
  std::unique_ptr<Connection> take_idle(const Endpoint& endpoint);

  /// A new connection. Fails with refused, connect_timeout, timeout (the deadline came first) or
  /// cancelled.
  asio::awaitable<ReadResult<std::unique_ptr<Connection>>> connect(Endpoint endpoint,
                                                                   Deadline deadline);

  /// Keeps a connection whose last answer was read to its end; the oldest goes where the endpoint
  /// has enough of them. Whether something unread waits in it is seen when it is taken.
  void give_back(const Endpoint& endpoint, std::unique_ptr<Connection> connection);

  void close_idle();
  std::size_t idle() const;

 private:
  struct Idle {
    std::unique_ptr<Connection> connection;
    std::chrono::steady_clock::time_point until;
  };

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
