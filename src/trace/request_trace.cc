#include "trace/request_trace.h"

#include <algorithm>

namespace prombraid::trace {

RequestTrace::RequestTrace(Span server, bool sampled, std::string tracestate, NewId new_id)
    : trace_(server.trace),
      sampled_(sampled),
      tracestate_(std::move(tracestate)),
      new_id_(std::move(new_id)) {
  spans_.push_back(std::move(server));
}

void RequestTrace::note(std::string key, Attribute::Value value) {
  note(0, std::move(key), std::move(value));
}

void RequestTrace::fail(std::string problem) {
  if (finished_) return;
  spans_[0].failed = true;
  spans_[0].problem = std::move(problem);
}

std::size_t RequestTrace::begin(std::string name, Nanos now) {
  if (finished_) return 0;
  Span& span = spans_.emplace_back();
  span.trace = trace_;
  span.id = new_id_();
  span.parent = spans_[0].id;
  span.name = std::move(name);
  span.kind = Span::Kind::client;
  span.start = now;
  return spans_.size() - 1;
}

void RequestTrace::note(std::size_t at, std::string key, Attribute::Value value) {
  if (finished_ || !sampled_) return;
  spans_[at].attributes.push_back({std::move(key), std::move(value)});
}

void RequestTrace::fail(std::size_t at, std::string type, std::string problem) {
  if (finished_) return;
  note(at, "error.type", std::move(type));
  spans_[at].failed = true;
  spans_[at].problem = std::move(problem);
}

void RequestTrace::end(std::size_t at, Nanos now) {
  if (finished_) return;
  spans_[at].end = std::max(now, spans_[at].start);
}

std::string RequestTrace::lines(std::size_t at) const {
  if (finished_) return {};
  std::string out =
      "traceparent: " + format_traceparent({trace_, spans_[at].id, sampled_}) + "\r\n";
  if (!tracestate_.empty()) out += "tracestate: " + tracestate_ + "\r\n";
  return out;
}

std::vector<Span> RequestTrace::finish(Nanos now) {
  if (finished_) return {};
  finished_ = true;
  if (!sampled_) return {};
  for (Span& span : spans_) {
    if (span.end == 0) span.end = std::max(now, span.start);
  }
  return std::move(spans_);
}

}  // namespace prombraid::trace
