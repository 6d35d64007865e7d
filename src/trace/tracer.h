/// Decides which requests are traced.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "trace/request_trace.h"

namespace prombraid::trace {

/// One thread's.
class Tracer {
 public:
  /// Gives 64 random bits.
  using Random = std::function<std::uint64_t()>;

  /// `fraction`, 0 to 1, of the requests that belong to no trace yet begin one that is sampled. A
  /// trace that goes on is sampled where its beginning is, as in Prometheus (tracing/tracing.go:
  /// ParentBased over TraceIDRatioBased).
  Tracer(double fraction, Random random) : fraction_(fraction), random_(std::move(random)) {}

  /// `traceparent` and `tracestate` are the request's fields: without value where they are missing,
  /// or there twice. A traceparent that is not one is none, and its tracestate is dropped then.
  RequestTracePtr begin(std::string name, std::optional<std::string_view> traceparent,
                        std::optional<std::string_view> tracestate, Nanos now) const;

 private:
  TraceId new_trace() const;
  SpanId new_span() const;

  const double fraction_;
  const Random random_;
};

/// Whether a trace of this id is among the sampled `fraction`: the same of any process that decides
/// by the same fraction, as OpenTelemetry's Go SDK does (sdk/trace/sampling.go).
bool sampled(const TraceId& id, double fraction);

}  // namespace prombraid::trace
