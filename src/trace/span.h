/// One piece of work of a trace.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "trace/context.h"

namespace prombraid::trace {

/// Nanoseconds since the epoch.
using Nanos = std::int64_t;

struct Attribute {
  using Value = std::variant<std::string, std::int64_t, double, bool>;
  std::string key;  ///< where there is one, OpenTelemetry's own name for it
  Value value;
};

struct Span {
  enum class Kind : std::uint8_t { server, client };

  TraceId trace{};
  SpanId id{};
  SpanId parent{};  ///< all zero: the trace begins here
  std::string name;
  Kind kind = Kind::server;
  Nanos start = 0;
  Nanos end = 0;  ///< 0: not yet
  std::vector<Attribute> attributes;
  bool failed = false;
  std::string problem;  ///< why it failed, for people; may be empty
};

}  // namespace prombraid::trace
