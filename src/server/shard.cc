#include "server/shard.h"

#include <algorithm>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "server/session.h"

namespace prombraid::server {

namespace asio = boost::asio;

void Shard::enter(const std::shared_ptr<Session>& session) {
  sessions.emplace(session.get(), session);
  if (sweeping_) return;
  sweeping_ = true;
  const auto keep_alive = shared_from_this();
  asio::co_spawn(
      io, [keep_alive]() -> asio::awaitable<void> { co_await keep_alive->sweep(); },
      asio::detached);
}

void Shard::leave(Session* session) {
  if (sessions.erase(session) == 0) return;
  room_timer.cancel();
  if (sessions.empty()) sweep_timer.cancel();
}

std::vector<std::shared_ptr<Session>> Shard::open_sessions() const {
  std::vector<std::shared_ptr<Session>> open;
  open.reserve(sessions.size());
  for (const auto& [raw, weak] : sessions) {
    if (auto session = weak.lock()) open.push_back(std::move(session));
  }
  return open;
}

bool Shard::evict_one() {
  std::vector<std::shared_ptr<Session>> open = open_sessions();
  std::sort(open.begin(), open.end(),
            [](const auto& a, const auto& b) { return a->idle_since() < b->idle_since(); });
  const auto oldest = std::find_if(open.begin(), open.end(),
                                   [](const auto& session) { return session->dispensable(); });
  if (oldest == open.end()) return false;
  ++counters.evicted;
  (*oldest)->give_way();
  return true;
}

void Shard::tell_tls_failure(const std::string& remote, const std::string& why) {
  ++counters.tls_failures;
  const auto now = Session::Clock::now();
  if (now < next_tls_warning_) return;
  next_tls_warning_ = now + std::chrono::seconds(1);
  warn("TLS handshake with " + remote + " failed: " + why);
}

asio::awaitable<void> Shard::wait_for_room() {
  // Setting the timer wakes whoever waits on it: two that did so each time would wake one another
  // without end.
  const auto now = Session::Clock::now();
  if (room_timer.expiry() <= now) room_timer.expires_at(now + options.timeouts.tick);
  co_await room_timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

/// One timer for all connections: a deadline is a number, and moving it costs nothing.
asio::awaitable<void> Shard::sweep() {
  while (!sessions.empty()) {
    sweep_timer.expires_after(options.timeouts.tick);
    co_await sweep_timer.async_wait(asio::as_tuple(asio::use_awaitable));
    const auto now = Session::Clock::now();
    for (const auto& session : open_sessions()) session->tick(now);
  }
  sweeping_ = false;
}

}  // namespace prombraid::server
