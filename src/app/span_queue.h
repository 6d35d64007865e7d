/// Spans on their way from the threads that serve to the one that sends them.
#pragma once

#include <cstdint>
#include <mutex>
#include <vector>

#include "metrics/families.h"
#include "trace/batch.h"

namespace prombraid::app {

/// For all threads. A thread takes its lock once a traced request, for as long as it takes to move
/// some spans.
class SpanQueue {
 public:
  void add(std::vector<trace::Span> spans);
  std::vector<trace::Span> take();

  /// What became of spans that were taken.
  void note_exported(std::size_t spans);
  void note_lost(std::size_t spans);

  void show(metrics::Families& out) const;

  /// As OpenTelemetry's own batching has them (sdk/trace/batch_span_processor.go).
  static constexpr std::size_t capacity = 2048;
  static constexpr std::size_t most_taken = 512;

 private:
  mutable std::mutex mutex_;
  trace::Batch batch_{capacity};
  std::uint64_t exported_ = 0;
  std::uint64_t overflown_ = 0;
  std::uint64_t lost_ = 0;
};

}  // namespace prombraid::app
