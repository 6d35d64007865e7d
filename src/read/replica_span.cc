#include "read/replica_span.h"

#include <chrono>

namespace prombraid::read {

trace::Nanos trace_now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(since).count();
}

ReplicaSpan::ReplicaSpan(trace::RequestTracePtr trace, const SetSeat& seat, const Replica& replica,
                         const std::string& what)
    : trace_(std::move(trace)) {
  if (!trace_) return;
  begun_ = trace_now();
  at_ = trace_->begin(what, begun_);
  if (!trace_->sampled()) return;
  const discovery::Endpoint& endpoint = replica.endpoint;
  trace_->note(at_, "http.request.method", what.substr(0, what.find(' ')));
  trace_->note(at_, "server.address", endpoint.host.empty() ? endpoint.ip : endpoint.host);
  trace_->note(at_, "server.port", std::int64_t{endpoint.port});
  trace_->note(at_, "network.peer.address", endpoint.ip);
  trace_->note(at_, "prombraid.set", seat.settings->name);
}

void ReplicaSpan::failed(const replica::ReadFailure& failure) {
  if (!trace_) return;
  if (failure.status != 0) {
    trace_->note(at_, "http.response.status_code", std::int64_t{failure.status});
  }
  trace_->fail(at_, replica::name_of(failure.reason), failure.error.what);
  trace_->end(at_, trace_now());
  trace_.reset();
}

void ReplicaSpan::answered(const replica::ReadStats& stats, std::uint64_t series) {
  if (!trace_) return;
  trace_->note(at_, "http.response.status_code", std::int64_t{stats.status});
  trace_->note(at_, "http.response.size", static_cast<std::int64_t>(stats.bytes));
  trace_->note(at_, "prombraid.first_byte_seconds",
               std::chrono::duration<double>(stats.time_to_first_byte).count());
  trace_->note(at_, "prombraid.series", static_cast<std::int64_t>(series));
  // An answer that was not read to its end was needed until now.
  const bool whole = stats.time_to_end.count() > 0;
  trace_->note(at_, "prombraid.whole", whole);
  trace_->end(at_, whole ? begun_ + stats.time_to_end.count() : trace_now());
  trace_.reset();
}

void ReplicaSpan::answered(unsigned status, std::uint64_t bytes) {
  if (!trace_) return;
  trace_->note(at_, "http.response.status_code", std::int64_t{status});
  trace_->note(at_, "http.response.size", static_cast<std::int64_t>(bytes));
  trace_->end(at_, trace_now());
  trace_.reset();
}

}  // namespace prombraid::read
