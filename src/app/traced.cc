#include "app/traced.h"

#include <optional>

#include "base/ascii.h"
#include "read/replica_span.h"

namespace prombraid::app {

namespace {

/// Nothing where it is missing or there twice: two servers could believe another one each.
std::optional<std::string_view> only(const server::Request& request, std::string_view name) {
  std::optional<std::string_view> found;
  for (const server::Header& header : request.headers) {
    if (!equal_ignoring_case(header.name, name)) continue;
    if (found) return std::nullopt;
    found = trim_spaces(header.value);
  }
  return found;
}

/// Ends the trace of one request, however its route is left.
class Ending {
 public:
  Ending(const server::Request& request, const server::Responder& out, const SpanSink& sink)
      : trace_(request.trace), out_(out), sink_(sink) {}
  Ending(const Ending&) = delete;
  Ending& operator=(const Ending&) = delete;

  ~Ending() {
    const unsigned status = out_.status();
    if (status != 0) trace_->note("http.response.status_code", std::int64_t{status});
    if (status >= 500) trace_->fail("answered " + std::to_string(status));
    if (out_.client_gone()) trace_->note("error.type", std::string("client_gone"));
    std::vector<trace::Span> spans = trace_->finish(read::trace_now());
    if (!spans.empty()) sink_(std::move(spans));
  }

 private:
  const trace::RequestTracePtr trace_;
  const server::Responder& out_;
  const SpanSink& sink_;
};

}  // namespace

server::Route traced(const trace::Tracer& tracer, SpanSink sink, const std::string& method,
                     const std::string& path, server::Route route) {
  return [&tracer, sink = std::move(sink), name = method + " " + path, method, path,
          route = std::move(route)](server::Request& request,
                                    server::Responder& out) -> boost::asio::awaitable<void> {
    request.trace = tracer.begin(name, only(request, "traceparent"), only(request, "tracestate"),
                                 read::trace_now());
    request.trace->note("http.request.method", method);
    request.trace->note("http.route", path);
    request.trace->note("client.address", request.remote);
    const Ending ending(request, out, sink);
    co_await route(request, out);
  };
}

}  // namespace prombraid::app
