#include "trace/batch.h"

#include <algorithm>
#include <iterator>

namespace prombraid::trace {

std::size_t Batch::add(std::vector<Span> spans) {
  const std::size_t fits = std::min(capacity_ - waiting_.size(), spans.size());
  const auto end = spans.begin() + static_cast<std::ptrdiff_t>(fits);
  std::move(spans.begin(), end, std::back_inserter(waiting_));
  return spans.size() - fits;
}

std::vector<Span> Batch::take(std::size_t most) {
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(most, waiting_.size()));
  std::vector<Span> out(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  return out;
}

}  // namespace prombraid::trace
