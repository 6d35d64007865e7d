#include "merge/interval.h"

#include <algorithm>
#include <vector>

namespace prombraid::merge {
namespace {

/// True where more than half of all gaps snap to `guess`: then so does their median.
bool most_are(Lane& lane, Span guess) {
  const Span step = guess >= 1500 ? 1000 : guess >= 150 ? 100 : 1;
  if (guess < step) return false;
  return lane.gaps_of(guess - step / 2, step) > (lane.size() - 1) / 2;
}

bool decode_all(Lane& lane) {
  for (std::uint32_t i = 0; i < lane.size();) {
    const std::uint32_t end = lane.ready_until(i);
    if (end == i) return false;
    i = end;
  }
  return lane.size() >= 2;
}

Span median_gap(Lane& lane) {
  if (!decode_all(lane)) return 0;
  const Span guess = snap(lane.mean_gap());
  if (most_are(lane, guess)) return guess;
  std::vector<Span> gaps;
  gaps.reserve(lane.size() - 1);
  for (std::uint32_t i = 1; i < lane.size(); ++i) {
    gaps.push_back(distance(lane.times()[i - 1], lane.times()[i]));
  }
  const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>((gaps.size() - 1) / 2);
  std::nth_element(gaps.begin(), middle, gaps.end());
  return snap(*middle);
}

}  // namespace

Span snap(Span gap) {
  const Span step = gap >= 1500 ? 1000 : gap >= 150 ? 100 : 1;
  const Span rest = gap % step;
  return rest * 2 >= step && gap <= UINT64_MAX - step ? gap - rest + step : gap - rest;
}

namespace {

bool is_coarser(Span gap, Span than) {
  return gap / 4 > than / 3;
}

Span interval_of_finest(std::span<Lane> lanes) {
  Span finest = 0;
  for (Lane& lane : lanes) {
    const Span gap = lane.mean_gap();
    if (gap != 0 && (finest == 0 || gap < finest)) finest = gap;
  }
  for (Lane& lane : lanes) {
    if (lane.size() < 2 || is_coarser(lane.mean_gap(), finest)) continue;
    if (const Span median = median_gap(lane); median != 0) return median;
  }
  return 0;
}

}  // namespace

Span interval_of(std::span<Lane> lanes) {
  const Span interval = interval_of_finest(lanes);
  for (Lane& lane : lanes) {
    lane.set_coarse(0);
    if (interval == 0 || lane.size() < 3 || !is_coarser(lane.mean_gap(), interval)) continue;
    if (const Span own = median_gap(lane); is_coarser(own, interval)) lane.set_coarse(own);
  }
  return interval;
}

}  // namespace prombraid::merge
