/// What the listeners and connections of one server have in common. Inner to this room.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "server/counters.h"
#include "server/options.h"
#include "server/router.h"

namespace prombraid::server {

class Session;

struct Shard : std::enable_shared_from_this<Shard> {
  Shard(boost::asio::io_context& context, const Router& routes, ServerOptions opts,
        ServerCounters& counts, ServerHooks callbacks)
      : io(context),
        router(routes),
        options(opts),
        counters(counts),
        hooks(std::move(callbacks)),
        sweep_timer(context),
        room_timer(context) {}

  void enter(const std::shared_ptr<Session>& session);
  void leave(Session* session);
  std::vector<std::shared_ptr<Session>> open_sessions() const;

  /// Lets the connection give way that has been idle for longest; false when none is.
  bool evict_one();

  /// Until a session ends or a tick passes.
  boost::asio::awaitable<void> wait_for_room();

  /// Counts it, and tells at most once a second: anybody can fail as often as they like.
  void tell_tls_failure(const std::string& remote, const std::string& why);

  void warn(std::string_view line) const {
    if (hooks.warn) hooks.warn(line);
  }

  boost::asio::io_context& io;
  const Router& router;
  const ServerOptions options;
  ServerCounters& counters;
  ServerHooks hooks;

  bool draining = false;
  std::size_t bodies_bytes = 0;  ///< of requests until they are answered
  std::map<Session*, std::weak_ptr<Session>> sessions;
  std::vector<std::unique_ptr<boost::asio::ip::tcp::acceptor>> acceptors;

 private:
  boost::asio::awaitable<void> sweep();

  boost::asio::steady_timer sweep_timer;
  boost::asio::steady_timer room_timer;
  bool sweeping_ = false;
  std::chrono::steady_clock::time_point next_tls_warning_{};
};

}  // namespace prombraid::server
