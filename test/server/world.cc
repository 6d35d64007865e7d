#include "server/world.h"

#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace prombraid::server::test {
namespace {

using Clock = std::chrono::steady_clock;
using asio::awaitable;

const std::vector<Header> kPlain{Header("Content-Type", "text/plain")};

awaitable<void> echo(Request& request, Responder& out) {
  const std::string line = request.method + " " + request.path + "?" + request.query + " " +
                           std::to_string(request.body.size()) + " " + request.body.substr(0, 40);
  (void)co_await out.send(text(200, line));
}

/// Waits until the client goes, at most 5 s.
awaitable<void> wait(Seen& seen, Responder& out) {
  const Clock::time_point began = Clock::now();
  asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::seconds(5));
  ++seen.waiting;
  if (!out.client_gone()) {
    co_await timer.async_wait(
        asio::bind_cancellation_slot(out.gone(), asio::as_tuple(asio::use_awaitable)));
  }
  --seen.waiting;
  if (out.client_gone()) ++seen.left;
  const auto took = std::chrono::duration_cast<milliseconds>(Clock::now() - began);
  seen.left_after_ms = static_cast<long>(took.count());
}

/// Takes 200 ms and then answers.
awaitable<void> slow(Responder& out) {
  asio::steady_timer timer(co_await asio::this_coro::executor, milliseconds(200));
  co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  (void)co_await out.send(text(200, "slow but whole"));
}

/// `chunks` chunks of many parts; then an end, an abort, an exception or a bare return.
awaitable<void> stream(Request& request, Responder& out) {
  if (!co_await out.begin(200, kPlain)) co_return;
  const std::string_view parts[] = {"one ", "", "two ", "three\n"};
  for (int i = 0; i < 3; ++i) {
    if (!co_await out.write(parts)) co_return;
  }
  if (request.query == "abort") {
    out.abort();
  } else if (request.query == "throw") {
    throw std::runtime_error("replica 7 vanished");
  } else if (request.query != "return") {
    (void)co_await out.finish();
  }
}

awaitable<void> endless(Seen& seen, Responder& out) {
  const std::string block(1 << 20, 'x');
  const std::string_view part = block;
  if (!co_await out.begin(200, kPlain)) co_return;
  while (co_await out.write(std::span(&part, 1))) {
  }
  ++seen.write_failures;
}

/// A body of 200 parts, 20 MiB in all, none of them copied.
awaitable<void> big(Responder& out) {
  std::vector<std::string> blocks;
  for (int i = 0; i < 200; ++i) {
    blocks.emplace_back(std::size_t{104858}, static_cast<char>('a' + i % 26));
  }
  const std::vector<std::string_view> parts(blocks.begin(), blocks.end());
  (void)co_await out.send(Response(200, kPlain, ""), parts);
}

}  // namespace

Router make_routes(Seen& seen) {
  Router router;
  router.add("GET", "/echo", echo);
  router.add("POST", "/echo", echo);
  router.add("POST", "/take", [](Request& request, Responder& out) -> awaitable<void> {
    const std::string body = std::move(request.body);
    (void)co_await out.send(text(200, body));
  });
  router.add("GET", "/follow-up", [&seen](Request&, Responder& out) -> awaitable<void> {
    ++seen.follow_ups;
    (void)co_await out.send(text(200, "follow-up ran"));
  });
  router.add("GET", "/wait",
             [&seen](Request&, Responder& out) -> awaitable<void> { co_await wait(seen, out); });
  router.add("GET", "/slow",
             [](Request&, Responder& out) -> awaitable<void> { co_await slow(out); });
  router.add("GET", "/stream", stream);
  router.add("GET", "/endless",
             [&seen](Request&, Responder& out) -> awaitable<void> { co_await endless(seen, out); });
  router.add("GET", "/big", [](Request&, Responder& out) -> awaitable<void> { co_await big(out); });
  router.add("GET", "/throw", [](Request&, Responder&) -> awaitable<void> {
    throw std::runtime_error("a bug");
    co_return;
  });
  router.add("GET", "/silent", [](Request&, Responder&) -> awaitable<void> { co_return; });
  router.add("GET", "/split", [](Request&, Responder& out) -> awaitable<void> {
    Response response = text(200, "x");
    response.headers.emplace_back("X-Said", "a\r\nX-Injected: b");
    response.headers.emplace_back("Content-Length", "999");
    (void)co_await out.send(std::move(response));
  });
  return router;
}

ServerOptions quick_options() {
  ServerOptions options;
  options.limits.body_bytes = 1 << 20;
  options.timeouts.head = milliseconds(300);
  options.timeouts.body = milliseconds(300);
  options.timeouts.write = milliseconds(300);
  options.timeouts.idle = milliseconds(3000);
  options.timeouts.linger = milliseconds(100);
  options.timeouts.tick = milliseconds(20);
  return options;
}

World::World(ServerOptions options) {
  ServerHooks hooks;
  hooks.warn = [this](std::string_view line) {
    const std::lock_guard lock(seen_.guard);
    seen_.warnings.emplace_back(line);
  };
  hooks.finished = [this](const Finished& finished) {
    const std::lock_guard lock(seen_.guard);
    seen_.finished.push_back(finished);
  };
  server_ = std::make_unique<Server>(io_, router_, options, counters_, hooks);
  const auto address = ListenAddress::parse("127.0.0.1:0");
  port_ = server_->listen(address.value()).value().port();
  thread_ = std::thread([this] {
    while (io_.run_one() > 0) ++turns_;
  });
}

World::~World() {
  in_thread([this] { server_.reset(); });
  work_.reset();
  thread_.join();
}

void World::in_thread(std::function<void()> call) {
  std::promise<void> done;
  boost::asio::post(io_, [&] {
    call();
    done.set_value();
  });
  done.get_future().wait();
}

unsigned short World::listen_too() {
  unsigned short port = 0;
  in_thread(
      [&] { port = server_->listen(ListenAddress::parse("127.0.0.1:0").value()).value().port(); });
  return port;
}

void World::drain() {
  in_thread([this] { server_->drain(); });
}

void World::abort_all() {
  in_thread([this] { server_->abort_all(); });
}

bool World::drained_within(milliseconds limit) {
  auto done = std::make_shared<std::promise<void>>();
  asio::co_spawn(
      io_, [this]() -> awaitable<void> { co_await server_->drained(); },
      [done](std::exception_ptr) { done->set_value(); });
  return done->get_future().wait_for(limit) == std::future_status::ready;
}

std::size_t World::connections() {
  std::size_t open = 0;
  in_thread([&] { open = server_->connections(); });
  return open;
}

Client::Client(unsigned short port, int receive_buffer)
    : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (receive_buffer > 0) {
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  }
  const timeval patience{4, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd_ < 0 || ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    throw std::runtime_error("the test client cannot connect");
  }
}

Client::~Client() {
  close();
}

void Client::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

void Client::half_close() {
  ::shutdown(fd_, SHUT_WR);
}

bool Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool Client::read_more(std::string& text) {
  char block[65536];
  const ssize_t got = ::recv(fd_, block, sizeof block, 0);
  if (got == 0) ended_ = true;
  if (got < 0) reset_ = errno == ECONNRESET;
  if (got > 0) text.append(block, static_cast<std::size_t>(got));
  return got > 0;
}

std::string Client::read_until(std::string_view mark, int times) {
  std::string text;
  while (count(text, mark) < times && read_more(text)) {
  }
  return text;
}

std::string Client::read_all() {
  std::string text;
  while (read_more(text)) {
  }
  return text;
}

std::string ask(World& world, std::string_view bytes) {
  Client client(world.port());
  client.send(bytes);
  return client.read_all();
}

int count(std::string_view text, std::string_view part) {
  int found = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) {
    ++found;
  }
  return found;
}

int status_of(std::string_view answer) {
  if (!answer.starts_with("HTTP/1.1 ") || answer.size() < 12) return 0;
  return std::atoi(std::string(answer.substr(9, 3)).c_str());
}

}  // namespace prombraid::server::test
