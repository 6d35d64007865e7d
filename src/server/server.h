/// One thread's HTTP server: it listens, keeps the number of connections in bounds, ends those that
/// stall, and drains. All of it, and each connection with all it spawns, stays on one io_context.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "base/error.h"
#include "server/counters.h"
#include "server/guard.h"
#include "server/listen_address.h"
#include "server/options.h"
#include "server/router.h"

namespace prombraid::server {

struct Shard;

/// Fails as Server::listen does where somebody listens at `address` already: servers that share one
/// (ServerOptions::reuse_port) would share it with a stranger of the same user as well, and each
/// get a part of the connections.
Result<void> free_to_listen(boost::asio::io_context& io, const ListenAddress& address);

/// `io` is run by one thread, which also calls every method. `router` and `counters` outlive the
/// io_context; the Server itself may go earlier, which aborts what it still has open.
class Server {
 public:
  Server(boost::asio::io_context& io, const Router& router, ServerOptions options,
         ServerCounters& counters, ServerHooks hooks);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Lets `guard`, which outlives the io_context, decide who may talk. Before `listen`.
  void guarded_by(Guard& guard);

  /// Binds and begins to accept; gives the endpoint with the port that was found for port 0. Can be
  /// called for several addresses. Fails with `unavailable` and the system's own text.
  Result<boost::asio::ip::tcp::endpoint> listen(const ListenAddress& address);

  /// Stops to accept, closes idle connections, and lets each running answer finish with
  /// `Connection: close`. Can be called again.
  void drain();

  /// Returns once no connection is left. Call after `drain`.
  boost::asio::awaitable<void> drained();

  /// Resets every connection; their routes see the client as gone.
  void abort_all();

  std::size_t connections() const;

 private:
  std::shared_ptr<Shard> shard_;
};

}  // namespace prombraid::server
