/// Spans as OpenTelemetry's collectors read them: OTLP 1.x in JSON
/// (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "trace/span.h"

namespace prombraid::trace {

/// Who sends them.
struct Resource {
  std::string service;   ///< service.name
  std::string version;   ///< service.version
  std::string instance;  ///< service.instance.id: tells one process from another
};

/// An ExportTraceServiceRequest: the body of a POST with `Content-Type: application/json`. Text
/// that is not UTF-8 comes out with U+FFFD in place of the bad bytes.
std::string otlp_json(std::span<const Span> spans, const Resource& resource);

}  // namespace prombraid::trace
