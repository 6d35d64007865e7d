#include "server/server.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <poll.h>
#include <sys/socket.h>

#include "server/session.h"
#include "server/shard.h"

namespace prombraid::server {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kFirstPause{20};
constexpr milliseconds kLongestPause{1000};

std::string shown(const tcp::endpoint& endpoint) {
  const std::string host = endpoint.address().to_string();
  const std::string port = std::to_string(endpoint.port());
  return endpoint.address().is_v6() ? "[" + host + "]:" + port : host + ":" + port;
}

error_code open_at(tcp::acceptor& acceptor, const tcp::endpoint& endpoint, bool dual_stack,
                   bool reuse_port) {
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (error) return error;
  acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  const int on = 1;
  if (!error && reuse_port &&
      ::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) {
    error = error_code(errno, boost::system::system_category());
  }
  if (!error && endpoint.protocol() == tcp::v6()) {
    acceptor.set_option(asio::ip::v6_only(!dual_stack), error);
  }
  if (!error) acceptor.bind(endpoint, error);
  return error;
}

Result<void> open(tcp::acceptor& acceptor, const ListenAddress& address, bool reuse_port) {
  tcp::endpoint endpoint = address.endpoint;
  error_code error = open_at(acceptor, endpoint, address.dual_stack, reuse_port);
  if (error == asio::error::address_family_not_supported && address.dual_stack) {
    error_code ignored;
    acceptor.close(ignored);
    endpoint = tcp::endpoint(tcp::v4(), endpoint.port());
    error = open_at(acceptor, endpoint, false, reuse_port);
  }
  if (!error) return {};
  return Error(ErrorKind::unavailable, "listen on " + shown(endpoint) + ": " + error.message());
}

/// Out of descriptors or memory: the connection stays in the backlog, so trying again at once
/// would spin.
bool is_shortage(const error_code& error) {
  for (const int code : {EMFILE, ENFILE, ENOBUFS, ENOMEM}) {
    if (error.value() == code) return true;
  }
  return false;
}

/// Accepts from one listening socket until it is closed.
class Acceptance {
 public:
  Acceptance(std::shared_ptr<Shard> shard, tcp::acceptor& acceptor)
      : shard_(std::move(shard)), acceptor_(acceptor), pause_timer_(shard_->io) {}

  asio::awaitable<void> run() {
    while (!shard_->draining) {
      const auto [error] = co_await acceptor_.async_wait(tcp::acceptor::wait_read,
                                                         asio::as_tuple(asio::use_awaitable));
      if (error || shard_->draining) co_return;
      while (co_await accept_one()) {
      }
    }
  }

 private:
  /// False when no connection waits any more.
  asio::awaitable<bool> accept_one() {
    if (!co_await room()) co_return false;
    error_code error;
    tcp::socket socket(shard_->io);
    acceptor_.accept(socket, error);
    if (is_shortage(error)) {
      co_await back_off(error);
      co_return true;
    }
    if (error == asio::error::would_block || error == asio::error::try_again) co_return false;
    if (error) co_return acceptor_.is_open();  // that one connection died in the backlog
    pause_ = kFirstPause;
    begin(std::move(socket));
    co_return true;
  }

  void begin(tcp::socket socket) {
    error_code error;
    const tcp::endpoint remote = socket.remote_endpoint(error);
    if (error) return;
    ++shard_->counters.accepted;
    auto stream = stream_over(std::move(socket), shown(remote));
    if (!stream) return;
    Session::start(std::make_shared<Session>(shard_, std::move(stream), shown(remote)));
  }

  /// Null where TLS is wanted and can't be had: its certificate was never readable.
  std::unique_ptr<Stream> stream_over(tcp::socket socket, const std::string& remote) {
    Guard* guard = shard_->hooks.guard;
    if (!guard || !guard->secures()) return tcp_stream(std::move(socket));
    auto ssl = guard->ssl();
    if (!ssl.has_error()) return tls_stream(std::move(socket), *std::move(ssl));
    shard_->tell_tls_failure(remote, ssl.error().what);
    return nullptr;
  }

  /// Waits until a connection more is allowed; false when the server stops meanwhile. Only asked
  /// once somebody may be waiting in the backlog.
  asio::awaitable<bool> room() {
    bool paused = false;
    while (!shard_->draining && shard_->sessions.size() >= shard_->options.connections) {
      if (!somebody_waits()) co_return false;
      if (!shard_->evict_one() && !std::exchange(paused, true)) ++shard_->counters.accept_pauses;
      co_await shard_->wait_for_room();
    }
    co_return !shard_->draining;
  }

  bool somebody_waits() {
    pollfd polled{acceptor_.native_handle(), POLLIN, 0};
    return ::poll(&polled, 1, 0) == 1;
  }

  asio::awaitable<void> back_off(error_code error) {
    ++shard_->counters.accept_errors;
    if (pause_ == kFirstPause) {
      shard_->warn("cannot accept connections for now: " + error.message());
    }
    shard_->evict_one();
    pause_timer_.expires_after(pause_);
    pause_ = std::min(2 * pause_, kLongestPause);
    co_await pause_timer_.async_wait(asio::as_tuple(asio::use_awaitable));
  }

  std::shared_ptr<Shard> shard_;
  tcp::acceptor& acceptor_;
  asio::steady_timer pause_timer_;
  milliseconds pause_ = kFirstPause;
};

asio::awaitable<void> accept_all(std::shared_ptr<Shard> shard, tcp::acceptor& acceptor) {
  Acceptance acceptance(std::move(shard), acceptor);
  co_await acceptance.run();
}

}  // namespace

Result<void> free_to_listen(asio::io_context& io, const ListenAddress& address) {
  tcp::acceptor nobody(io);
  return open(nobody, address, false);
}

Server::Server(asio::io_context& io, const Router& router, ServerOptions options,
               ServerCounters& counters, ServerHooks hooks)
    : shard_(std::make_shared<Shard>(io, router, options, counters, std::move(hooks))) {}

Server::~Server() {
  drain();
  abort_all();
}

void Server::guarded_by(Guard& guard) {
  shard_->hooks.guard = &guard;
}

Result<tcp::endpoint> Server::listen(const ListenAddress& address) {
  auto acceptor = std::make_unique<tcp::acceptor>(shard_->io);
  if (auto opened = open(*acceptor, address, shard_->options.reuse_port); opened.has_error()) {
    return std::move(opened).error();
  }
  error_code error;
  acceptor->listen(asio::socket_base::max_listen_connections, error);
  if (!error) acceptor->non_blocking(true, error);
  if (error) {
    return Error(ErrorKind::unavailable,
                 "listen on " + shown(address.endpoint) + ": " + error.message());
  }
  shard_->acceptors.push_back(std::move(acceptor));
  tcp::acceptor& listening = *shard_->acceptors.back();
  asio::co_spawn(shard_->io, accept_all(shard_, listening), asio::detached);
  return listening.local_endpoint();
}

void Server::drain() {
  shard_->draining = true;
  error_code ignored;
  for (const auto& acceptor : shard_->acceptors) acceptor->close(ignored);
  for (const auto& session : shard_->open_sessions()) {
    if (session->dispensable()) session->give_way();
  }
}

asio::awaitable<void> Server::drained() {
  const std::shared_ptr<Shard> shard = shard_;
  while (!shard->sessions.empty()) co_await shard->wait_for_room();
}

void Server::abort_all() {
  for (const auto& session : shard_->open_sessions()) session->abort();
}

std::size_t Server::connections() const {
  return shard_->sessions.size();
}

}  // namespace prombraid::server
