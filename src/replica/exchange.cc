#include "replica/exchange.h"

#include <algorithm>

#include <boost/asio/error.hpp>

#include "replica/said.h"

namespace prombraid::replica {

namespace {

/// A failure is no better for being explained at length.
constexpr std::chrono::seconds explanation_time{1};

/// How Go's TLS servers answer what is no TLS (crypto/tls and net/http, since Go 1.12).
std::string cure_of(const Endpoint& endpoint, std::string_view what) {
  const bool wants_tls = !endpoint.tls && what.find("HTTP/1.0 400") != what.npos;
  return wants_tls ? "; if it speaks TLS, write https:// in front of its address" : "";
}

}  // namespace

Exchange::Exchange(Connections& connections, Endpoint endpoint, Deadline deadline)
    : connections_(connections), endpoint_(std::move(endpoint)), deadline_(deadline) {}

asio::awaitable<ReadResult<std::unique_ptr<Exchange>>> Exchange::start(Connections& connections,
                                                                       Endpoint endpoint,
                                                                       std::string request,
                                                                       Deadline deadline) {
  std::unique_ptr<Exchange> exchange(new Exchange(connections, std::move(endpoint), deadline));
  if (auto idle = connections.take_idle(exchange->endpoint_)) {
    exchange->reused_ = true;
    auto tried = co_await exchange->try_on(std::move(idle), request);
    if (tried) co_return exchange;
    const bool stale = exchange->bytes_ == 0 && tried.error().reason == FailureReason::reset;
    if (!stale) co_return tried.error();
    exchange->reused_ = false;
  }
  auto connected = co_await connections.connect(exchange->endpoint_, deadline);
  if (!connected) co_return connected.error();
  auto tried = co_await exchange->try_on(std::move(*connected), request);
  if (!tried) co_return tried.error();
  co_return exchange;
}

asio::awaitable<ReadResult<void>> Exchange::try_on(std::unique_ptr<Connection> connection,
                                                   std::string_view request) {
  connection_ = std::move(connection);
  connection_->expires_at(deadline_);
  const error_code problem = co_await connection_->write_all(asio::buffer(request));
  // A server may answer (too busy, too large) and close before it has read everything: look for
  // that answer before believing in a broken pipe.
  const bool worth_reading =
      !problem || problem == asio::error::broken_pipe || problem == asio::error::connection_reset;
  if (!worth_reading) co_return broken(problem);
  co_return co_await read_head();
}

asio::awaitable<ReadResult<void>> Exchange::read_head() {
  while (!head_.done()) {
    auto filled = co_await fill();
    if (!filled) co_return filled.error();
    auto taken = head_.feed(unread_);
    if (!taken) {
      const bool limit = taken.error().kind == ErrorKind::limit;
      co_return fail(limit ? FailureReason::limit : FailureReason::bad_http,
                     taken.error().what + cure_of(endpoint_, taken.error().what));
    }
    unread_.remove_prefix(*taken);
  }
  body_ = BodyReader(head());
  co_return ReadResult<void>();
}

asio::awaitable<ReadResult<std::string_view>> Exchange::body() {
  for (;;) {
    auto piece = body_.take(unread_);
    if (!piece) co_return fail(FailureReason::bad_http, piece.error().what);
    if (!piece->empty()) co_return *piece;
    if (body_.done()) {
      finish();
      co_return std::string_view();
    }
    auto filled = co_await fill();
    if (!filled) co_return filled.error();
  }
}

asio::awaitable<std::string> Exchange::explanation() {
  deadline_ = std::min(deadline_, Clock::now() + explanation_time);
  left_.reset();
  std::string text;
  for (;;) {
    auto piece = co_await body();
    if (!piece || piece->empty()) break;
    text.append(piece->substr(0, max_said - text.size()));
    if (text.size() == max_said) break;
  }
  co_return connections_.without_secrets(std::move(text));
}

asio::awaitable<ReadResult<void>> Exchange::fill() {
  if (!connection_) co_return fail(FailureReason::cancelled, "read after the answer's end");
  make_room();
  const bool stalls = stall_.count() > 0 && head_.done();
  const auto before = Clock::now();
  if (left_) deadline_ = before + std::chrono::duration_cast<Clock::duration>(*left_);
  connection_->expires_at(stalls ? std::min(deadline_, before + stall_) : deadline_);
  const auto got = co_await connection_->read_some(asio::buffer(buffer_.get(), buffer_size_));
  if (left_) {
    *left_ -= Clock::now() - before;
    connection_->expires_at(no_deadline);
  }
  if (got.first) co_return broken(got.first);
  if (bytes_ == 0) first_byte_ = Clock::now();
  bytes_ += got.second;
  unread_ = std::string_view(buffer_.get(), got.second);
  co_return ReadResult<void>();
}

/// A small answer takes a small buffer, and a large one does not pay twice as many reads for that.
void Exchange::make_room() {
  if (buffer_ && (!connection_->filled() || buffer_size_ == large_buffer)) return;
  buffer_size_ = buffer_ ? large_buffer : small_buffer;
  buffer_ = std::make_unique_for_overwrite<char[]>(buffer_size_);
}

ReadFailure Exchange::broken(const error_code& problem) {
  if (cancelled_) return fail(FailureReason::cancelled, "cancelled " + progress());
  if (connection_->expired()) {
    const bool over = Clock::now() >= deadline_;
    return fail(FailureReason::timeout,
                over ? "the deadline passed " + progress()
                     : "silent for " + std::to_string(stall_.count()) + " ms " + progress());
  }
  if (!connection_->trouble().empty()) {
    return fail(FailureReason::tls, "TLS: " + connection_->trouble());
  }
  if (problem == asio::error::operation_aborted) {
    return fail(FailureReason::cancelled, "cancelled " + progress());
  }
  if (problem == asio::error::eof) {
    return fail(head_.done() ? FailureReason::torn : FailureReason::reset,
                "closed the connection " + progress() + hint());
  }
  return fail(FailureReason::reset,
              "connection lost " + progress() + ": " + problem.message() + hint());
}

/// TLS 1.3 lets a client believe that all is well until it reads, and a reset can overtake the
/// alert that says otherwise.
std::string Exchange::hint() const {
  if (!connection_->secured() || reused_ || bytes_ > 0) return {};
  return " (right after the TLS handshake: does it want a client certificate?)";
}

ReadFailure Exchange::fail(FailureReason reason, std::string_view what) {
  connection_.reset();
  ReadFailure failure = failure_of(endpoint_, reason, what);
  failure.status = head().status;
  return failure;
}

std::string Exchange::progress() const {
  if (bytes_ == 0) return "before it answered";
  return "after " + std::to_string(bytes_) +
         (head_.done() ? " bytes of its answer" : " bytes of its answer's head");
}

void Exchange::finish() {
  if (!connection_) return;
  ended_ = Clock::now();
  if (head().keep_alive && head().framed() && unread_.empty()) {
    connections_.give_back(endpoint_, std::move(connection_));
  }
  connection_.reset();
}

void Exchange::set_deadline(Deadline deadline) {
  deadline_ = deadline;
  if (connection_) connection_->expires_at(deadline);
}

void Exchange::cancel() {
  cancelled_ = true;
  if (connection_) connection_->close();
}

}  // namespace prombraid::replica
