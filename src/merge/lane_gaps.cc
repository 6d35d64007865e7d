#include <algorithm>

#include "merge/lane.h"

namespace prombraid::merge {

Span Lane::mean_gap() {
  if (mean_gap_) return *mean_gap_;
  gaps_.clear();
  std::uint64_t weight = 0;
  for (const Head& head : heads_) {
    if (head.count < 2) continue;
    gaps_.emplace_back(distance(head.min_time, head.max_time) / (head.count - 1), head.count - 1);
    weight += head.count - 1;
  }
  std::sort(gaps_.begin(), gaps_.end());
  std::uint64_t seen = 0;
  mean_gap_ = 0;
  for (const auto& [gap, count] : gaps_) {
    seen += count;
    if (seen * 2 < weight) continue;
    mean_gap_ = gap;
    break;
  }
  return *mean_gap_;
}

std::uint32_t Lane::gaps_of(Span least, Span width) const {
  const auto fits = [&](Span gap) { return gap - least < width; };
  std::uint32_t sum = 0;
  for (const Head& head : heads_) {
    const std::uint32_t first = head.first;
    if (first > 0) sum += fits(distance(times_[first - 1], times_[first])) ? 1 : 0;
    if (head.count == 1) continue;
    if (fits(head.seen.least_step) && fits(head.seen.most_step)) {
      sum += head.count - 1;
      continue;
    }
    for (std::uint32_t i = first + 1; i < first + head.count; ++i) {
      sum += fits(distance(times_[i - 1], times_[i])) ? 1 : 0;
    }
  }
  return sum;
}

}  // namespace prombraid::merge
