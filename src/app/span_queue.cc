#include "app/span_queue.h"

namespace prombraid::app {

void SpanQueue::add(std::vector<trace::Span> spans) {
  const std::lock_guard lock(mutex_);
  overflown_ += batch_.add(std::move(spans));
}

std::vector<trace::Span> SpanQueue::take() {
  const std::lock_guard lock(mutex_);
  return batch_.take(most_taken);
}

void SpanQueue::note_exported(std::size_t spans) {
  const std::lock_guard lock(mutex_);
  exported_ += spans;
}

void SpanQueue::note_lost(std::size_t spans) {
  const std::lock_guard lock(mutex_);
  lost_ += spans;
}

void SpanQueue::show(metrics::Families& out) const {
  const std::lock_guard lock(mutex_);
  out.counter("trace_spans_exported_total", "Spans that the collector took.");
  out.add(static_cast<double>(exported_));
  out.counter("trace_spans_dropped_total",
              "Spans that were not sent: too many waited, or the collector did not take them.");
  out.add(static_cast<double>(overflown_), {{"reason", "queue_full"}});
  out.add(static_cast<double>(lost_), {{"reason", "export_failed"}});
}

}  // namespace prombraid::app
