#include "trace/otlp.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/utf8.h"

namespace prombraid::trace {

namespace {

namespace json = boost::json;

// Span.SpanKind and Status.StatusCode of opentelemetry/proto/trace/v1/trace.proto: in JSON enums
// are numbers.
constexpr int kind_server = 2;
constexpr int kind_client = 3;
constexpr int status_error = 2;

json::string text(std::string_view from) {
  const std::string valid = valid_utf8(from);
  return json::string(valid.data(), valid.size());
}

/// 64-bit numbers are texts, as JSON's own lose bits.
json::object value_of(const Attribute::Value& value) {
  if (const auto* said = std::get_if<std::string>(&value)) return {{"stringValue", text(*said)}};
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    return {{"intValue", text(std::to_string(*whole))}};
  }
  if (const auto* number = std::get_if<double>(&value)) return {{"doubleValue", *number}};
  return {{"boolValue", std::get<bool>(value)}};
}

json::object attribute(std::string_view key, const Attribute::Value& value) {
  return {{"key", text(key)}, {"value", value_of(value)}};
}

json::object object_of(const Span& span) {
  json::array attributes;
  for (const Attribute& one : span.attributes) attributes.push_back(attribute(one.key, one.value));
  json::object out{{"traceId", text(hex(span.trace))},
                   {"spanId", text(hex(span.id))},
                   {"name", text(span.name)},
                   {"kind", span.kind == Span::Kind::server ? kind_server : kind_client},
                   {"startTimeUnixNano", text(std::to_string(span.start))},
                   {"endTimeUnixNano", text(std::to_string(span.end))},
                   {"attributes", std::move(attributes)}};
  if (span.parent != SpanId()) out["parentSpanId"] = text(hex(span.parent));
  if (span.failed) {
    out["status"] = json::object{{"code", status_error}, {"message", text(span.problem)}};
  }
  return out;
}

}  // namespace

std::string otlp_json(std::span<const Span> spans, const Resource& resource) {
  json::array all;
  for (const Span& span : spans) all.push_back(object_of(span));
  const json::object scope{{"name", "prombraid"}, {"version", text(resource.version)}};
  json::object scoped{{"scope", scope}, {"spans", std::move(all)}};
  json::object who{
      {"attributes", json::array{attribute("service.name", resource.service),
                                 attribute("service.version", resource.version),
                                 attribute("service.instance.id", resource.instance)}}};
  json::object whole{{"resource", std::move(who)}, {"scopeSpans", json::array{std::move(scoped)}}};
  return json::serialize(json::object{{"resourceSpans", json::array{std::move(whole)}}});
}

}  // namespace prombraid::trace
