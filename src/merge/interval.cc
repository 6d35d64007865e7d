#include "merge/interval.h"

#include <algorithm>
#include <vector>

namespace prombraid::merge {
namespace {

std::uint64_t median_gap(std::span<const Moment> lane) {
  if (lane.size() < 2) return 0;
  std::vector<std::uint64_t> gaps;
  gaps.reserve(lane.size() - 1);
  for (std::size_t i = 1; i < lane.size(); ++i) {
    gaps.push_back(static_cast<std::uint64_t>(lane[i].t) -
                   static_cast<std::uint64_t>(lane[i - 1].t));
  }
  const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>((gaps.size() - 1) / 2);
  std::nth_element(gaps.begin(), middle, gaps.end());
  return *middle;
}

}  // namespace

std::uint64_t snap(std::uint64_t gap) {
  const std::uint64_t step = gap >= 1500 ? 1000 : gap >= 150 ? 100 : 1;
  const std::uint64_t rest = gap % step;
  return rest * 2 >= step && gap <= UINT64_MAX - step ? gap - rest + step : gap - rest;
}

std::uint64_t interval_of(std::span<const std::span<const Moment>> lanes) {
  std::uint64_t smallest = 0;
  for (const auto& lane : lanes) {
    const std::uint64_t gap = snap(median_gap(lane));
    if (gap != 0 && (smallest == 0 || gap < smallest)) smallest = gap;
  }
  return smallest;
}

}  // namespace prombraid::merge
