#include "server/session.h"

#include <exception>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include "server/answer.h"

namespace prombraid::server {

namespace {

using State = RequestReader::State;

/// A metric's label must not be a client's own word (CVE-2022-21698).
std::string_view known_method(std::string_view method) {
  for (const std::string_view known :
       {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"}) {
    if (method == known) return known;
  }
  return "other";
}

}  // namespace

/// The bytes of a body until its request is answered, counted against what the thread may hold.
class BodyShare {
 public:
  explicit BodyShare(Shard& shard) : shard_(shard) {}
  ~BodyShare() { shard_.bodies_bytes -= held_; }
  BodyShare(const BodyShare&) = delete;
  BodyShare& operator=(const BodyShare&) = delete;

  bool hold(std::size_t bytes) {
    shard_.bodies_bytes += bytes - held_;
    held_ = bytes;
    return shard_.bodies_bytes <= shard_.options.bodies_bytes;
  }

 private:
  Shard& shard_;
  std::size_t held_ = 0;
};

Session::Session(std::shared_ptr<Shard> shard, std::unique_ptr<Stream> stream, std::string remote)
    : shard_(std::move(shard)),
      connection_(std::move(stream), shard_->options.timeouts, shard_->counters),
      remote_(std::move(remote)) {}

Session::~Session() {
  shard_->leave(this);
}

void Session::start(const std::shared_ptr<Session>& session) {
  session->shard_->enter(session);
  asio::co_spawn(session->shard_->io, run(session), asio::detached);
}

void Session::give_way() {
  leaving_ = true;
  connection_.stop_reading();
}

asio::awaitable<void> Session::run(std::shared_ptr<Session> self) {
  co_await asio::this_coro::throw_if_cancelled(false);
  const Guard* guard = self->shard_->hooks.guard;
  try {
    const bool greeted = !guard || !guard->secures() || co_await self->greet();
    while (greeted && co_await self->serve_one()) {
    }
  } catch (const std::exception& thrown) {
    self->shard_->warn("connection from " + self->remote_ + " broken off: " + thrown.what());
    self->connection_.abort();
  }
  self->connection_.close();
  self->shard_->leave(self.get());
}

asio::awaitable<bool> Session::greet() {
  connection_.arm(shard_->options.timeouts.head);
  const auto done = co_await connection_.handshake();
  connection_.disarm();
  if (!done.has_error()) co_return true;
  shard_->tell_tls_failure(remote_, done.error().what);
  co_return false;
}

asio::awaitable<void> Session::ask_guard(const Request& request, Router::Match& match) {
  auto refusal = co_await shard_->hooks.guard->admit(request);
  if (!refusal) co_return;
  match.route = nullptr;
  match.refusal = *std::move(refusal);
}

Guard::Headers Session::extra_headers() const {
  return shard_->hooks.guard ? shard_->hooks.guard->headers() : nullptr;
}

asio::awaitable<bool> Session::serve_one() {
  RequestReader reader(shard_->options.limits);
  if (!co_await read_head(reader)) co_return false;
  reader.request().remote = remote_;
  Router::Match match = shard_->router.find(reader.request().method, reader.request().path);
  if (shard_->hooks.guard) co_await ask_guard(reader.request(), match);
  BodyShare share(*shard_);
  // A body that no route wants is not read: the answer goes out and the connection ends.
  if (match.route != nullptr && !co_await read_body(reader, share)) co_return false;
  connection_.disarm();
  co_return co_await answer(reader, match);
}

asio::awaitable<bool> Session::read_head(RequestReader& reader) {
  connection_.shrink();
  idle_since_ = Clock::now();
  idle_ = true;
  leaving_ = false;
  connection_.arm(shard_->options.timeouts.idle);
  while (true) {
    if (idle_ && !connection_.input().empty()) {
      idle_ = false;
      connection_.arm(shard_->options.timeouts.head);
    }
    connection_.consume(reader.feed(connection_.input()));
    if (reader.state() != State::head) break;
    if (idle_ && shard_->draining && !connection_.has_unread()) co_return false;
    if (co_await connection_.fill()) continue;
    if (connection_.expired()) {
      if (idle_) {
        ++shard_->counters.idle_closed;
      } else {
        co_await refuse({408, Refusal::timeout, "request head took too long"});
      }
    }
    co_return false;
  }
  if (reader.state() == State::refused) {
    co_await refuse(reader.refused());
    co_return false;
  }
  co_return true;
}

asio::awaitable<bool> Session::read_body(RequestReader& reader, BodyShare& share) {
  if (reader.state() == State::body && reader.expects_continue() && connection_.input().empty()) {
    const std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    std::vector<asio::const_buffer> buffers{{go_on.data(), go_on.size()}};
    if (!co_await connection_.write(buffers)) co_return false;
  }
  connection_.arm(shard_->options.timeouts.body);
  while (reader.state() == State::body) {
    connection_.consume(reader.feed(connection_.input()));
    if (!share.hold(reader.request().body.capacity())) {
      co_await refuse({503, Refusal::memory, "too many bytes of requests are held"});
      co_return false;
    }
    if (reader.state() != State::body) break;
    if (co_await connection_.fill()) continue;
    if (connection_.expired()) {
      co_await refuse({408, Refusal::timeout, "request body took too long"});
    }
    co_return false;
  }
  if (reader.state() == State::refused) {
    co_await refuse(reader.refused());
    co_return false;
  }
  co_return true;
}

asio::awaitable<void> Session::refuse(Refused refused) {
  shard_->counters.refuse(refused.reason);
  Response response = text(refused.status, refused.line);
  if (refused.status == 503) response.headers.emplace_back("Retry-After", "1");
  Answer::Terms terms;
  terms.extra = extra_headers();
  Answer answer(connection_, terms);
  if (co_await answer.send(std::move(response))) co_await linger();
}

asio::awaitable<bool> Session::answer(RequestReader& reader, const Router::Match& match) {
  Request& request = reader.request();
  const Clock::time_point since = Clock::now();
  const std::uint64_t bytes_before = connection_.bytes_out();
  const Finished finished = begun(request, match);
  Answer::Terms terms;
  terms.head_only = request.method == "HEAD";
  terms.chunked_known = request.version >= 11;
  terms.keep_alive = reader.keep_alive() && reader.state() == State::done;
  terms.ending = &shard_->draining;
  terms.extra = extra_headers();
  Answer answer(connection_, terms);
  if (match.route != nullptr) {
    co_await run_route(*match.route, request, answer);
  } else {
    (void)co_await answer.send(match.refusal);
  }
  report(finished, answer, since, bytes_before);
  if (answer.kept_alive()) co_return true;
  if (answer.complete()) co_await linger();
  co_return false;
}

asio::awaitable<void> Session::run_route(const Route& route, Request& request, Answer& answer) {
  std::string failure;
  connection_.watch(true);
  try {
    co_await route(request, answer);
    if (!answer.complete() && connection_.open() && !connection_.gone()) {
      failure = "the route gave no whole answer";
    }
  } catch (const std::exception& thrown) {
    failure = thrown.what();
  } catch (...) {
    failure = "an exception of unknown type";
  }
  connection_.watch(false);
  if (!failure.empty()) co_await fail(request, answer, std::move(failure));
  if (!answer.complete()) answer.abort();
}

asio::awaitable<void> Session::fail(const Request& request, Answer& answer, std::string why) {
  ++shard_->counters.route_failures;
  shard_->warn(request.method + " " + request.path + " from " + remote_ + " failed: " + why);
  if (!answer.untouched()) co_return;
  answer.restart();
  (void)co_await answer.send(text(500, "internal error"));
}

Finished Session::begun(const Request& request, const Router::Match& match) const {
  Finished finished;
  finished.method = known_method(request.method);
  finished.path = match.path;
  finished.asked = request.path;
  finished.remote = remote_;
  finished.body_in = request.body.size();
  return finished;
}

void Session::report(Finished finished, const Answer& answer, Clock::time_point since,
                     std::uint64_t bytes_before) const {
  if (!shard_->hooks.finished) return;
  finished.status = answer.status();
  finished.complete = answer.complete();
  finished.bytes_out = connection_.bytes_out() - bytes_before;
  finished.took = Clock::now() - since;
  shard_->hooks.finished(finished);
}

/// Closing a socket with unread bytes resets it, which can take the answer away from the client
/// before it is read. So our end is sent and the client's bytes are read away for a while.
asio::awaitable<void> Session::linger() {
  connection_.shutdown_send();
  idle_since_ = Clock::now();
  idle_ = true;
  connection_.arm(shard_->options.timeouts.linger);
  do {
    connection_.consume(connection_.input().size());
  } while (co_await connection_.fill());
}

}  // namespace prombraid::server
