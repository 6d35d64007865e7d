#include "merge/plan.h"

#include <algorithm>
#include <iterator>

namespace prombraid::merge {
namespace {

/// More than any way costs, with room for one more step.
constexpr Span no_way = Span{1} << 62;

struct Stop {
  Timestamp t;
  Step step;
};

/// The best way on from a stop.
struct Way {
  Span cost = no_way;
  std::uint32_t changes = 0;
  std::uint32_t next = 0;  ///< the stop that comes next on it
};

/// All samples that can be on the way, in the order of time and, within that, of rank.
class Ways {
 public:
  /// False where there are too many.
  bool gather(std::span<Lane> lanes, const Reach& reach, Step last) {
    const Timestamp from = lanes[last.lane].time(last.at);
    add({from, last});
    const Timestamp until = plus(from, reach.plan);
    for (std::uint32_t k = 0; k < lanes.size(); ++k) {
      auto at = lanes[k].first_real(from, until);
      for (; at; at = lanes[k].real_from(*at + 1, until)) {
        if (!add({lanes[k].time(*at), {k, *at}})) return false;
      }
    }
    std::sort(stops_, stops_ + size_, [](const Stop& a, const Stop& b) {
      return a.t != b.t ? a.t < b.t : a.step.lane < b.step.lane;
    });
    return true;
  }

  /// Finds the best way on from each stop, from the last one back.
  void look_back(std::span<const Lane> lanes, const Reach& reach, Timestamp first_until) {
    const Timestamp goal = plus(stops_[0].t, reach.plan - reach.live);
    // Those in [near, far) may follow on another lane.
    std::uint32_t near = size_;
    std::uint32_t far = size_;
    for (std::uint32_t i = size_; i-- > 0;) {
      while (near > i + 1 && gap(i, near - 1) > reach.apart) --near;
      while (far > near && gap(i, far - 1) > reach.live) --far;
      while (i == 0 && far > near && stops_[far - 1].t > first_until) --far;
      ways_[i] = {};
      if (stops_[i].t > goal && lanes[stops_[i].step.lane].coarse() == 0) {
        ways_[i].cost = 0;
      } else {
        look_on(i, near, far, reach);
      }
    }
  }

  std::optional<Step> first() const {
    if (ways_[0].cost == no_way) return {};
    return stops_[ways_[0].next].step;
  }

 private:
  bool add(const Stop& stop) {
    if (size_ == std::size(stops_)) return false;
    stops_[size_++] = stop;
    return true;
  }

  Span gap(std::uint32_t i, std::uint32_t j) const { return distance(stops_[i].t, stops_[j].t); }

  /// Staying comes first, as it is better than an equal change.
  void look_on(std::uint32_t i, std::uint32_t near, std::uint32_t far, const Reach& reach) {
    const std::uint32_t lane = stops_[i].step.lane;
    std::uint32_t own = i + 1;
    while (own < far && stops_[own].step.lane != lane) ++own;
    if (own < far) consider(i, own, 0, reach);
    for (std::uint32_t j = near; j < far; ++j) {
      if (stops_[j].step.lane != lane) consider(i, j, 1, reach);
    }
  }

  void consider(std::uint32_t i, std::uint32_t j, std::uint32_t change, const Reach& reach) {
    Way& way = ways_[i];
    const Span cost = ways_[j].cost + reach.cost(gap(i, j));
    if (cost > way.cost) return;
    const std::uint32_t changes = ways_[j].changes + change;
    if (cost == way.cost && changes >= way.changes) return;
    way = {cost, changes, j};
  }

  Stop stops_[most_planned + 1];
  Way ways_[most_planned + 1];
  std::uint32_t size_ = 0;
};

}  // namespace

std::optional<Step> best_way_on(std::span<Lane> lanes, const Reach& reach, Step last,
                                Timestamp until) {
  Ways ways;
  if (!ways.gather(lanes, reach, last)) return {};
  ways.look_back(lanes, reach, until);
  return ways.first();
}

}  // namespace prombraid::merge
