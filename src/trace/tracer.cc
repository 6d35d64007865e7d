#include "trace/tracer.h"

#include <algorithm>
#include <cstring>

namespace prombraid::trace {

namespace {

/// A longer tracestate need not be passed on (section 3.3.1.5 of Trace Context).
constexpr std::size_t longest_state = 512;

/// Into a header line goes what a header line may hold (section 3.3.1.3).
bool sendable(std::string_view state) {
  return state.size() <= longest_state && std::all_of(state.begin(), state.end(), [](char c) {
           return c == '\t' || (c >= ' ' && c <= '~');
         });
}

}  // namespace

bool sampled(const TraceId& id, double fraction) {
  if (fraction >= 1) return true;
  if (!(fraction > 0)) return false;
  std::uint64_t last = 0;
  for (std::size_t i = 8; i < id.size(); ++i) last = last << 8 | id[i];
  return static_cast<double>(last >> 1) < fraction * 0x1p63;
}

RequestTracePtr Tracer::begin(std::string name, std::optional<std::string_view> traceparent,
                              std::optional<std::string_view> tracestate, Nanos now) const {
  const auto parent = traceparent ? parse_traceparent(*traceparent) : std::nullopt;
  Span server;
  server.trace = parent ? parent->trace : new_trace();
  if (parent) server.parent = parent->span;
  server.id = new_span();
  server.name = std::move(name);
  server.start = now;
  const bool kept = parent ? parent->sampled : sampled(server.trace, fraction_);
  const bool state = parent && tracestate && sendable(*tracestate);
  return std::make_shared<RequestTrace>(std::move(server), kept,
                                        state ? std::string(*tracestate) : std::string(),
                                        [this] { return new_span(); });
}

TraceId Tracer::new_trace() const {
  TraceId out;
  for (std::size_t at = 0; at < out.size(); at += sizeof(std::uint64_t)) {
    const std::uint64_t bits = std::max<std::uint64_t>(1, random_());
    std::memcpy(out.data() + at, &bits, sizeof bits);
  }
  return out;
}

SpanId Tracer::new_span() const {
  SpanId out;
  const std::uint64_t bits = std::max<std::uint64_t>(1, random_());
  std::memcpy(out.data(), &bits, sizeof bits);
  return out;
}

}  // namespace prombraid::trace
