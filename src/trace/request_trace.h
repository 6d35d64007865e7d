/// What is traced of one request: its own span, and one for each request that it causes.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "trace/span.h"

namespace prombraid::trace {

/// Belongs to the thread of the request. Where the trace is not sampled nothing is kept, and the
/// context goes on to the replicas all the same.
class RequestTrace {
 public:
  using NewId = std::function<SpanId()>;

  /// `server` is begun: trace, id, parent, name and start are set.
  RequestTrace(Span server, bool sampled, std::string tracestate, NewId new_id);

  bool sampled() const { return sampled_; }

  /// The request's own span.
  void note(std::string key, Attribute::Value value);
  void fail(std::string problem);

  /// A request to somebody else. `at` of the others is what `begin` gave.
  std::size_t begin(std::string name, Nanos now);
  void note(std::size_t at, std::string key, Attribute::Value value);
  void fail(std::size_t at, std::string type, std::string problem);
  void end(std::size_t at, Nanos now);

  /// The header lines that tell whoever is asked, each with its CRLF: `traceparent`, and
  /// `tracestate` where the request had one.
  std::string lines(std::size_t at) const;

  /// Ends all that has not ended, and gives all spans away, the request's own one first; none where
  /// the trace is not sampled. What is called afterwards changes nothing.
  std::vector<Span> finish(Nanos now);

 private:
  std::vector<Span> spans_;  ///< the request's own one first
  const TraceId trace_;
  const bool sampled_;
  const std::string tracestate_;
  const NewId new_id_;
  bool finished_ = false;
};

using RequestTracePtr = std::shared_ptr<RequestTrace>;

}  // namespace prombraid::trace
