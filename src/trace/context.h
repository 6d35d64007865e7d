/// Which trace a request belongs to: W3C Trace Context (https://www.w3.org/TR/trace-context/).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace prombraid::trace {

/// Random bytes; all zero is none.
using TraceId = std::array<std::uint8_t, 16>;
using SpanId = std::array<std::uint8_t, 8>;

struct Context {
  TraceId trace{};
  SpanId span{};         ///< of whoever sent it
  bool sampled = false;  ///< the sender records its part
  bool operator==(const Context&) const = default;
};

/// The value of a `traceparent` field (section 3.2), without blanks around it. Nothing where it is
/// not of version 00 to the letter, or of a later version that does not begin as 00 does.
std::optional<Context> parse_traceparent(std::string_view value);

/// As version 00.
std::string format_traceparent(const Context& context);

/// Lower case.
std::string hex(const TraceId& id);
std::string hex(const SpanId& id);

}  // namespace prombraid::trace
