#include "replica/connections.h"

#include <algorithm>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace prombraid::replica {

namespace {

using std::chrono::steady_clock;

/// Unlike Endpoint::key without the path: one server has one pool.
std::string pool_key(const Endpoint& endpoint) {
  return endpoint.ip + ' ' + std::to_string(endpoint.port) + (endpoint.tls ? " tls" : "");
}

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

ReadFailure connect_failure(const Endpoint& endpoint, const error_code& problem) {
  const auto reason = problem == asio::error::operation_aborted ? FailureReason::cancelled
                      : problem == asio::error::timed_out       ? FailureReason::connect_timeout
                                                                : FailureReason::refused;
  return failure_of(endpoint, reason, "connecting: " + problem.message());
}

}  // namespace

Connections::Connections(asio::any_io_executor executor, ConnectOptions options)
    : executor_(executor),
      options_(options),
      timer_(executor),
      self_(std::make_shared<Connections*>(this)) {}

Connections::~Connections() = default;

std::unique_ptr<Connection> Connections::take_idle(const Endpoint& endpoint) {
  const auto found = idle_.find(pool_key(endpoint));
  if (found == idle_.end()) return nullptr;
  auto& waiting = found->second;
  std::unique_ptr<Connection> taken;
  // The youngest first: it is the least likely to have been closed by the other side.
  while (!waiting.empty() && !taken) {
    Idle last = std::move(waiting.back());
    waiting.pop_back();
    if (last.until > steady_clock::now() && last.connection->quiet()) {
      taken = std::move(last.connection);
    }
  }
  if (waiting.empty()) idle_.erase(found);
  return taken;
}

asio::awaitable<ReadResult<std::unique_ptr<Connection>>> Connections::connect(Endpoint endpoint,
                                                                              Deadline deadline) {
  error_code problem;
  const auto address = asio::ip::make_address(endpoint.ip, problem);
  if (problem) co_return connect_failure(endpoint, problem);

  auto connection = std::make_unique<Connection>(executor_);
  const Deadline own = steady_clock::now() + options_.connect_timeout;
  connection->expires_at(std::min(own, deadline));
  problem = co_await connection->connect(asio::ip::tcp::endpoint(address, endpoint.port));
  ReadResult<void> secured;
  if (!problem && endpoint.tls) secured = co_await secure(endpoint, *connection);
  if (connection->expired()) {
    const std::string what = endpoint.tls ? "no TLS connection " : "no connection ";
    co_return own < deadline
        ? failure_of(endpoint, FailureReason::connect_timeout,
                     what + "within " + std::to_string(options_.connect_timeout.count()) + " ms")
        : failure_of(endpoint, FailureReason::timeout, what + "before the deadline");
  }
  if (problem) co_return connect_failure(endpoint, problem);
  if (!secured) co_return secured.error();
  connection->expires_at(deadline);
  co_return connection;
}

asio::awaitable<ReadResult<void>> Connections::secure(const Endpoint& endpoint,
                                                      Connection& connection) {
  auto ssl = options_.access->ssl(endpoint.host.empty() ? endpoint.ip : endpoint.host);
  if (!ssl) co_return failure_of(endpoint, FailureReason::credentials, ssl.error().what);
  const error_code problem = co_await connection.secure(std::move(*ssl));
  if (!problem) co_return ReadResult<void>();
  if (problem == asio::error::operation_aborted) {
    co_return failure_of(endpoint, FailureReason::cancelled, "cancelled in the TLS handshake");
  }
  const std::string why = !connection.trouble().empty() ? connection.trouble()
                          : problem == asio::error::eof ? "it closed the connection"
                                                        : problem.message();
  co_return failure_of(endpoint, FailureReason::tls, "TLS handshake: " + why);
}

asio::awaitable<ReadResult<std::string>> Connections::header_lines(Endpoint endpoint,
                                                                   Deadline deadline) {
  constexpr std::chrono::milliseconds tick{10};
  asio::steady_timer timer(executor_);
  while (options_.access->awaits_token() && steady_clock::now() + tick < deadline) {
    timer.expires_after(tick);
    const auto [problem] = co_await timer.async_wait(as_result);
    if (problem) co_return failure_of(endpoint, FailureReason::cancelled, "cancelled");
  }
  auto lines = options_.access->header_lines();
  if (!lines) co_return failure_of(endpoint, FailureReason::credentials, lines.error().what);
  co_return *std::move(lines);
}

std::string Connections::without_secrets(std::string text) const {
  return options_.access->without_secrets(std::move(text));
}

void Connections::give_back(const Endpoint& endpoint, std::unique_ptr<Connection> connection) {
  if (options_.idle_per_endpoint == 0) return;
  connection->expires_at(no_deadline);
  auto& waiting = idle_[pool_key(endpoint)];
  if (waiting.size() >= options_.idle_per_endpoint) waiting.pop_front();
  waiting.push_back({std::move(connection), steady_clock::now() + options_.idle_limit});
  schedule_close();
}

/// One wait covers all: an endpoint that went away must not keep its sockets for ever.
void Connections::schedule_close() {
  if (scheduled_) return;
  scheduled_ = true;
  timer_.expires_after(options_.idle_limit);
  timer_.async_wait([weak = std::weak_ptr(self_)](const error_code&) {
    if (const auto self = weak.lock()) (*self)->close_old();
  });
}

void Connections::close_old() {
  scheduled_ = false;
  const auto now = steady_clock::now();
  for (auto entry = idle_.begin(); entry != idle_.end();) {
    auto& waiting = entry->second;
    while (!waiting.empty() && waiting.front().until <= now) waiting.pop_front();
    entry = waiting.empty() ? idle_.erase(entry) : std::next(entry);
  }
  if (!idle_.empty()) schedule_close();
}

void Connections::close_idle() {
  idle_.clear();
  timer_.cancel();
}

std::size_t Connections::idle() const {
  std::size_t sum = 0;
  for (const auto& [key, waiting] : idle_) sum += waiting.size();
  return sum;
}

}  // namespace prombraid::replica
