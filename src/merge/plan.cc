#include "merge/plan.h"

#include <algorithm>
#include <array>
#include <limits>

namespace prombraid::merge {
namespace {

constexpr Span no_way = std::numeric_limits<Span>::max();

/// A sample on the way, and the best way on from it.
struct Stop {
  Step step;
  Timestamp t = 0;
  std::uint32_t order = 0;  ///< among the real samples of its lane here
  Span cost = no_way;
  std::uint32_t changes = 0;
  std::uint32_t next = 0;  ///< the number of the stop that comes next on that way
};

/// All that can be on the way, in the order of time and, within that, of rank.
class Stops {
 public:
  /// False where there are too many.
  bool gather(std::span<Lane> lanes, const Reach& reach, Step last) {
    const Timestamp from = lanes[last.lane].time(last.at);
    add({last, from});
    const Timestamp until = plus(from, reach.plan);
    for (std::uint32_t k = 0; k < lanes.size(); ++k) {
      std::uint32_t order = 0;
      auto at = lanes[k].first_real(from, until);
      for (; at; at = lanes[k].real_from(*at + 1, until)) {
        if (!add({{k, *at}, lanes[k].time(*at), ++order})) return false;
      }
    }
    // Those of a lane stay in their order, and lanes in that of rank, where times are equal.
    std::sort(stops_.begin(), stops_.begin() + size_, [](const Stop& a, const Stop& b) {
      return a.t != b.t ? a.t < b.t : a.step.lane < b.step.lane;
    });
    return true;
  }

  std::span<Stop> all() { return {stops_.data(), size_}; }

 private:
  bool add(const Stop& stop) {
    if (size_ == stops_.size()) return false;
    stops_[size_++] = stop;
    return true;
  }

  std::array<Stop, most_planned + 1> stops_;
  std::size_t size_ = 0;
};

/// Finds the best way on from stop `i`, once those from all later ones are known.
void look_on(std::span<Stop> stops, std::size_t i, const Reach& reach) {
  Stop& here = stops[i];
  bool stays = false;
  for (std::size_t j = i + 1; j < stops.size(); ++j) {
    const Stop& there = stops[j];
    const Span gap = distance(here.t, there.t);
    if (gap > reach.live) break;
    const bool change = there.step.lane != here.step.lane;
    const bool may = change ? gap > reach.apart : there.order == here.order + 1;
    if (!may || there.cost == no_way) continue;
    const Span cost = there.cost + reach.cost(gap);
    const std::uint32_t changes = there.changes + (change ? 1 : 0);
    const bool equal = cost == here.cost && changes == here.changes;
    const bool better = cost < here.cost || (cost == here.cost && changes < here.changes);
    if (!better && (!equal || change || stays)) continue;
    here.cost = cost;
    here.changes = changes;
    here.next = static_cast<std::uint32_t>(j);
    stays = !change;
  }
}

}  // namespace

std::optional<Step> best_way_on(std::span<Lane> lanes, const Reach& reach, Step last) {
  Stops gathered;
  if (!gathered.gather(lanes, reach, last)) return {};
  const std::span<Stop> stops = gathered.all();
  const Timestamp goal = plus(stops[0].t, reach.plan - reach.live);
  for (std::size_t i = stops.size(); i-- > 0;) {
    if (stops[i].t > goal && lanes[stops[i].step.lane].coarse() == 0) {
      stops[i].cost = 0;
    } else {
      look_on(stops, i, reach);
    }
  }
  if (stops[0].cost == no_way) return {};
  return stops[stops[0].next].step;
}

}  // namespace prombraid::merge
