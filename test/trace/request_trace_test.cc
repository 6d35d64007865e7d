#include "trace/request_trace.h"

#include <doctest/doctest.h>

#include "trace/tracer.h"

namespace prombraid::trace {
namespace {

constexpr std::string_view parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
constexpr std::string_view unsampled = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

/// Counts, so that all ids differ and none is random.
Tracer tracer(double fraction) {
  return Tracer(fraction, [n = std::uint64_t{0}]() mutable { return ++n; });
}

/// The trace and the span that `lines` tell of.
Context told(const std::string& lines) {
  const auto context = parse_traceparent(lines.substr(13, 55));
  REQUIRE(context);
  return *context;
}

TEST_CASE("a trace goes on: a span of one's own, and one for each that is asked") {
  const Tracer t = tracer(0);
  const auto trace = t.begin("POST /read", parent, "a=1,b=2", 100);
  const auto first = trace->begin("POST /api/v1/read", 110);
  const auto second = trace->begin("POST /api/v1/read", 120);
  const std::string lines = trace->lines(second);
  CHECK(lines.find("traceparent: 00-0af7651916cd43dd8448eb211c80319c-") == 0);
  CHECK(lines.ends_with("-01\r\ntracestate: a=1,b=2\r\n"));
  trace->note(first, "server.port", std::int64_t{9090});
  trace->fail(first, "timeout", "too late");
  trace->end(first, 150);
  trace->note("prombraid.series", std::int64_t{3});
  const auto spans = trace->finish(200);
  REQUIRE(spans.size() == 3);
  CHECK(spans[0].name == "POST /read");
  CHECK(hex(spans[0].parent) == "b7ad6b7169203331");
  CHECK(spans[0].end == 200);
  CHECK(spans[1].parent == spans[0].id);
  CHECK(spans[1].failed);
  CHECK(spans[1].problem == "too late");
  CHECK(spans[1].end == 150);
  CHECK(spans[2].id == told(lines).span);
  CHECK(spans[2].end == 200);
  CHECK(spans[2].kind == Span::Kind::client);
}

TEST_CASE("a trace that is not sampled leaves nothing, and is told all the same") {
  const Tracer t = tracer(1);
  const auto trace = t.begin("GET /", unsampled, std::nullopt, 1);
  const auto at = trace->begin("GET /x", 2);
  CHECK(!told(trace->lines(at)).sampled);
  CHECK(hex(told(trace->lines(at)).trace) == "0af7651916cd43dd8448eb211c80319c");
  CHECK(trace->finish(3).empty());
}

TEST_CASE("what is no traceparent begins a trace of one's own, by the fraction") {
  for (const double fraction : {0.0, 1.0}) {
    const Tracer t = tracer(fraction);
    const auto trace = t.begin("GET /", "nonsense", "a=1", 1);
    const std::string lines = trace->lines(trace->begin("GET /x", 2));
    CHECK(lines.find("tracestate") == std::string::npos);
    CHECK(told(lines).sampled == (fraction == 1));
    const auto spans = trace->finish(3);
    CHECK(spans.size() == (fraction == 1 ? 2 : 0));
    if (!spans.empty()) CHECK(spans[0].parent == SpanId());
  }
}

TEST_CASE("a tracestate that would end the line, or is too long, goes no further") {
  const Tracer t = tracer(1);
  for (const std::string& state : {std::string("a=1\r\nHost: other"), std::string(513, 'a')}) {
    const auto trace = t.begin("GET /", parent, state, 1);
    const std::string lines = trace->lines(trace->begin("GET /x", 2));
    CHECK(lines.find("tracestate") == std::string::npos);
  }
}

TEST_CASE("how many are sampled") {
  std::size_t kept = 0;
  constexpr std::size_t all = 1000;
  for (std::size_t i = 0; i < all; ++i) {
    TraceId id{};
    id[8] = static_cast<std::uint8_t>(i * 256 / all);
    kept += sampled(id, 0.25) ? 1 : 0;
  }
  CHECK(kept == all / 4);
  CHECK(!sampled(TraceId{}, 0));
  CHECK(sampled(TraceId{}, 1));
}

TEST_CASE("after its end nothing happens any more") {
  const Tracer t = tracer(1);
  const auto trace = t.begin("GET /", std::nullopt, std::nullopt, 5);
  const auto at = trace->begin("GET /x", 6);
  CHECK(trace->finish(4).size() == 2);
  trace->note(at, "late", true);
  trace->fail(at, "late", "late");
  trace->end(at, 9);
  CHECK(trace->lines(at).empty());
  CHECK(trace->finish(9).empty());
}

}  // namespace
}  // namespace prombraid::trace
