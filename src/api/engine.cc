#include "api/engine.h"

#include <optional>

#include "api/answer.h"
#include "api/passed.h"
#include "api/until_gone.h"
#include "log/log.h"
#include "read/replica_span.h"
#include "replica/exchange.h"
#include "replica/http_request.h"

namespace prombraid::api {

namespace asio = boost::asio;
using replica::FailureReason;

namespace {

constexpr const char* no_engine =
    "this is a remote_read proxy, which evaluates no PromQL by itself. Set up a Prometheus without "
    "scrape targets whose remote_read has the url http://<this address>/api/v1/read, read_recent: "
    "true and filter_external_labels: false, and name it to this process by --query.engine-url; or "
    "point the client at that Prometheus";

/// What is held of an answer before it is known whether its length is.
constexpr std::size_t whole_bytes = 64 << 10;

/// One request on its way to the engine and back.
class Passing {
 public:
  Passing(read::ThreadContext& context, const Engine& engine, server::Responder& out)
      : context_(context),
        engine_(engine),
        out_(out),
        deadline_(std::chrono::steady_clock::now() + engine.timeout) {}

  asio::awaitable<void> run(const server::Request& request, const std::string& path) {
    auto started = co_await start(request, path);
    if (request.trace && started.has_error()) {
      const replica::ReadFailure& why = started.error();
      request.trace->fail(span_, replica::name_of(why.reason), why.error.what);
    }
    if (started.has_error()) {
      tell(started.error());
      (void)co_await out_.send(failure(shown(started.error())));
      co_return;
    }
    co_await answer(**started);
    if (!request.trace) co_return;
    request.trace->note(span_, "http.response.status_code",
                        std::int64_t{(*started)->head().status});
    request.trace->end(span_, read::trace_now());
  }

 private:
  using Started = replica::ReadResult<std::unique_ptr<replica::Exchange>>;

  /// The first of the engine's addresses that takes the connection.
  asio::awaitable<Started> start(const server::Request& request, const std::string& path) {
    const std::string method = request.method == "HEAD" ? "GET" : request.method;
    const std::string target =
        engine_.prefix + path + (request.query.empty() ? "" : "?" + request.query);
    std::string fields = forwarded_fields(request.headers, request.trace != nullptr);
    if (request.trace) {
      span_ = request.trace->begin(method + " " + path, read::trace_now());
      fields += request.trace->lines(span_);
    }
    fields.append(passed_header).append(": ");
    fields +=
        with_marker(request.header(passed_header).value_or(""), context_.settings.plan.loop_marker);
    fields += "\r\n";
    const auto endpoints = engine_.endpoints;
    std::optional<replica::ReadFailure> last;
    for (const discovery::Endpoint& endpoint : *endpoints) {
      std::string bytes =
          replica::forwarded_head(endpoint, method, target, fields, request.body.size());
      bytes += request.body;
      auto started = co_await replica::Exchange::start(context_.connections, endpoint,
                                                       std::move(bytes), deadline_);
      const bool elsewhere =
          started.has_error() && (started.error().reason == FailureReason::refused ||
                                  started.error().reason == FailureReason::connect_timeout);
      if (!elsewhere) co_return started;
      if (engine_.nudge) engine_.nudge(endpoint);
      last = started.error();
    }
    co_return *last;
  }

  asio::awaitable<void> answer(replica::Exchange& exchange) {
    const replica::ResponseHead& head = exchange.head();
    std::vector<server::Header> fields = returned_fields(head.others, head.connection);
    if (!head.content_type.empty()) fields.emplace_back("Content-Type", head.content_type);
    if (!head.content_encoding.empty()) {
      fields.emplace_back("Content-Encoding", head.content_encoding);
    }
    std::string whole;
    while (whole.size() < whole_bytes) {
      auto piece = co_await exchange.body();
      if (!piece) {
        tell(piece.error());
        (void)co_await out_.send(failure(shown(piece.error())));
        co_return;
      }
      if (piece->empty()) {
        (void)co_await out_.send(
            server::Response(head.status, std::move(fields), std::move(whole)));
        co_return;
      }
      whole += *piece;
    }
    co_await stream(exchange, std::move(fields), whole);
  }

  asio::awaitable<void> stream(replica::Exchange& exchange, std::vector<server::Header> fields,
                               const std::string& begun) {
    if ((co_await out_.begin(exchange.head().status, std::move(fields))).has_error()) co_return;
    std::string_view piece = begun;
    while (!piece.empty()) {
      if ((co_await out_.write({&piece, 1})).has_error()) co_return;
      auto next = co_await exchange.body();
      if (!next) {
        tell(next.error());
        out_.abort();
        co_return;
      }
      piece = *next;
    }
    (void)co_await out_.finish();
  }

  Error shown(const replica::ReadFailure& failed) const {
    if (failed.reason == FailureReason::timeout) {
      return Error(ErrorKind::timeout, "the query engine " + engine_.name + " did not answer in " +
                                           std::to_string(engine_.timeout.count()) +
                                           " ms (--query.timeout)");
    }
    return Error(ErrorKind::unavailable,
                 "the query engine " + engine_.name + ": " + failed.error.what);
  }

  void tell(const replica::ReadFailure& failed) {
    const char* reason = replica::name_of(failed.reason);
    if (context_.seldom.due(std::string("engine ") + reason, std::chrono::steady_clock::now())) {
      log::warn("the query engine failed",
                {{"engine", engine_.name}, {"reason", reason}, {"error", failed.error.what}});
    }
  }

  read::ThreadContext& context_;
  const Engine& engine_;
  server::Responder& out_;
  const replica::Deadline deadline_;
  std::size_t span_ = 0;
};

asio::awaitable<void> pass_on(read::ThreadContext& context, const Engine& engine,
                              const server::Request& request, std::string path,
                              server::Responder& out) {
  Passing passing(context, engine, out);
  co_await passing.run(request, path);
}

}  // namespace

asio::awaitable<void> EngineRoutes::pass(server::Request& request, server::Responder& out,
                                         std::string path) {
  if (engine_.name.empty()) {
    (void)co_await out.send(failure(404, "not_found", no_engine));
    co_return;
  }
  if (!engine_.endpoints || engine_.endpoints->empty()) {
    (void)co_await out.send(failure(Error(
        ErrorKind::unavailable, "no address of the query engine " + engine_.name + " is known")));
    co_return;
  }
  if (in_circle(request.header(passed_header).value_or(""), context_.settings.plan.loop_marker)) {
    context_.counters.loops.add();
    (void)co_await out.send(
        failure(Error(ErrorKind::loop,
                      "this query came back: --query.engine-url leads to a proxy and not to a "
                      "Prometheus that evaluates")));
    co_return;
  }
  co_await until_gone(out, pass_on(context_, engine_, request, std::move(path), out));
}

void EngineRoutes::add_to(server::Router& router) {
  for (const char* path :
       {"/api/v1/query", "/api/v1/query_range", "/api/v1/query_exemplars", "/api/v1/format_query",
        "/api/v1/parse_query", "/api/v1/rules", "/api/v1/alerts"}) {
    for (const char* method : {"GET", "POST"}) {
      router.add(method, path, [this, path](server::Request& request, server::Responder& out) {
        return pass(request, out, path);
      });
    }
  }
}

}  // namespace prombraid::api
