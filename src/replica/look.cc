#include "replica/look.h"

#include "replica/exchange.h"
#include "replica/http_request.h"
#include "replica/said.h"

namespace prombraid::replica {

namespace {

constexpr std::size_t max_config_bytes = std::size_t{4} << 20;
constexpr std::size_t max_status_bytes = std::size_t{64} << 10;

/// One question to the API and how its answer is read.
struct Question {
  const char* path;
  std::size_t max_bytes;
  Result<void> (*parse)(std::string_view json, ReplicaFacts& facts);
};

constexpr Question config{"/api/v1/status/config", max_config_bytes, parse_config};
constexpr Question buildinfo{"/api/v1/status/buildinfo", max_status_bytes, parse_buildinfo};
constexpr Question runtimeinfo{"/api/v1/status/runtimeinfo", max_status_bytes, parse_runtimeinfo};

asio::awaitable<ReadResult<std::string>> body_of(Exchange& exchange, std::size_t max_bytes) {
  std::string body;
  for (;;) {
    auto piece = co_await exchange.body();
    if (!piece) co_return piece.error();
    if (piece->empty()) co_return body;
    if (piece->size() > max_bytes - body.size()) {
      co_return failure_of(exchange.endpoint(), FailureReason::limit,
                           "its answer is longer than " + std::to_string(max_bytes) + " bytes");
    }
    body += *piece;
  }
}

ReadFailure in(const std::string& path, ReadFailure failure) {
  failure.error.what += " (" + path + ")";
  if (failure.status == 404) failure.error.what += "; is this a Prometheus?";
  return failure;
}

asio::awaitable<ReadResult<void>> ask(Connections& connections, Endpoint endpoint,
                                      Question question, std::string path, Deadline deadline,
                                      ReplicaFacts& facts) {
  std::string extra;
  if (connections.has_credentials()) {
    auto lines = co_await connections.header_lines(endpoint, deadline);
    if (!lines) co_return in(path, lines.error());
    extra = *std::move(lines);
  }
  auto started =
      co_await Exchange::start(connections, endpoint, get_request(endpoint, path, extra), deadline);
  if (!started) co_return in(path, started.error());
  Exchange& exchange = **started;
  if (exchange.head().status != 200) {
    const std::string text = co_await exchange.explanation();
    co_return in(path, status_failure(endpoint, exchange.head().status, text));
  }
  if (!exchange.head().framed()) {
    co_return in(path, failure_of(endpoint, FailureReason::bad_http, "answer without a length"));
  }
  auto body = co_await body_of(exchange, question.max_bytes);
  if (!body) co_return in(path, body.error());
  auto parsed = question.parse(*body, facts);
  if (!parsed) {
    co_return in(path, failure_of(endpoint, FailureReason::content_type, parsed.error().what));
  }
  co_return ReadResult<void>();
}

}  // namespace

asio::awaitable<ReadResult<ReplicaFacts>> look(Connections& connections, Endpoint endpoint,
                                               Deadline deadline) {
  const auto prefix = prefix_of(endpoint.path);
  if (!prefix) {
    co_return failure_of(endpoint, FailureReason::content_type,
                         "its path does not end in /api/v1/read: nothing is known of its API");
  }
  ReplicaFacts facts;
  facts.when = std::chrono::steady_clock::now();
  for (const Question& question : {config, buildinfo, runtimeinfo}) {
    auto asked =
        co_await ask(connections, endpoint, question, *prefix + question.path, deadline, facts);
    const bool needed = question.parse != parse_runtimeinfo;
    if (!asked && needed) co_return asked.error();
  }
  co_return facts;
}

}  // namespace prombraid::replica
