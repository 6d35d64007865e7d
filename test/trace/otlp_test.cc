#include "trace/otlp.h"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

namespace prombraid::trace {
namespace {

namespace json = boost::json;

const Resource resource{"prombraid", "0.1", "host:1"};

json::object only_span(const Span& span) {
  const auto whole = json::parse(otlp_json({&span, 1}, resource));
  return whole.at("resourceSpans").at(0).at("scopeSpans").at(0).at("spans").at(0).as_object();
}

TEST_CASE("a span with all that it can have") {
  Span span;
  span.trace.fill(0xab);
  span.id.fill(0x01);
  span.parent.fill(0x02);
  span.name = "POST /api/v1/read";
  span.kind = Span::Kind::client;
  span.start = 1'772'409'600'000'000'001;
  span.end = 1'772'409'600'000'000'002;
  span.attributes = {
      {"a", std::string("x")}, {"b", std::int64_t{1} << 60}, {"c", 0.5}, {"d", true}};
  span.failed = true;
  span.problem = "too late";
  const json::object got = only_span(span);
  CHECK(got.at("traceId") == "abababababababababababababababab");
  CHECK(got.at("spanId") == "0101010101010101");
  CHECK(got.at("parentSpanId") == "0202020202020202");
  CHECK(got.at("kind") == 3);
  CHECK(got.at("startTimeUnixNano") == "1772409600000000001");
  CHECK(got.at("endTimeUnixNano") == "1772409600000000002");
  CHECK(got.at("status") == json::value{{"code", 2}, {"message", "too late"}});
  const json::array& attributes = got.at("attributes").as_array();
  CHECK(attributes.at(0) == json::value{{"key", "a"}, {"value", {{"stringValue", "x"}}}});
  CHECK(attributes.at(1).at("value") == json::value{{"intValue", "1152921504606846976"}});
  CHECK(attributes.at(2).at("value") == json::value{{"doubleValue", 0.5}});
  CHECK(attributes.at(3).at("value") == json::value{{"boolValue", true}});
}

TEST_CASE("a span that begins a trace and went well has neither parent nor status") {
  const json::object got = only_span({});
  CHECK(!got.contains("parentSpanId"));
  CHECK(!got.contains("status"));
  CHECK(got.at("kind") == 2);
}

TEST_CASE("hostile text stays text") {
  Span span;
  span.name = "\xff\"}\n";
  CHECK(only_span(span).at("name") == "\xef\xbf\xbd\"}\n");
}

TEST_CASE("who sends it") {
  const auto whole = json::parse(otlp_json({}, resource));
  const auto& attributes = whole.at("resourceSpans").at(0).at("resource").at("attributes");
  CHECK(attributes.at(0) ==
        json::value{{"key", "service.name"}, {"value", {{"stringValue", "prombraid"}}}});
  CHECK(attributes.at(2).at("value").at("stringValue") == "host:1");
}

}  // namespace
}  // namespace prombraid::trace
