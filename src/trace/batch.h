/// Spans that wait to be sent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "trace/span.h"

namespace prombraid::trace {

/// Bounded: what does not fit is dropped, the newest first, as nobody waits for a trace.
class Batch {
 public:
  explicit Batch(std::size_t capacity) : capacity_(capacity) {}

  /// How many of `spans` were dropped.
  std::size_t add(std::vector<Span> spans);

  /// The oldest, at most `most`.
  std::vector<Span> take(std::size_t most);

  std::size_t size() const { return waiting_.size(); }

 private:
  const std::size_t capacity_;
  std::deque<Span> waiting_;
};

}  // namespace prombraid::trace
