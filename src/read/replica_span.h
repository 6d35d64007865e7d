/// The span of one request to a replica.
#pragma once

#include <string>

#include "read/sets.h"
#include "replica/failure.h"
#include "replica/read_stream.h"
#include "trace/request_trace.h"

namespace prombraid::read {

/// Nothing where nothing is traced: then every call does nothing.
class ReplicaSpan {
 public:
  ReplicaSpan() = default;
  /// Begins now. `what` is the request's method and path.
  ReplicaSpan(trace::RequestTracePtr trace, const SetSeat& seat, const Replica& replica,
              const std::string& what);

  /// The header lines that tell the replica; empty without a trace.
  std::string lines() const { return trace_ ? trace_->lines(at_) : std::string(); }

  void failed(const replica::ReadFailure& failure);
  /// `series` are those that were taken of the answer.
  void answered(const replica::ReadStats& stats, std::uint64_t series);
  void answered(unsigned status, std::uint64_t bytes);

 private:
  trace::RequestTracePtr trace_;
  std::size_t at_ = 0;
  trace::Nanos begun_ = 0;
};

/// Nanoseconds since the epoch.
trace::Nanos trace_now();

}  // namespace prombraid::read
