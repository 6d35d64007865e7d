/// The distances the rule measures with.
#pragma once

#include <algorithm>
#include <cstdint>

#include "merge/lane.h"
#include "merge/times.h"

namespace prombraid::merge {

/// A moment by its lane and its number there.
struct Step {
  std::uint32_t lane = 0;
  std::uint32_t at = 0;

  bool operator==(const Step&) const = default;
};

/// From the scrape interval S, in milliseconds.
struct Reach {
  Reach(Span s, Span epoch)
      : interval(std::min(s, longest_interval)),
        next(interval + interval / 4),
        live(interval + interval / 2),
        apart(interval / 2),
        near(interval / 4),
        shortest(interval - interval / 15 * 4),
        longest(interval + interval / 10),
        foresight(3 * interval + interval / 2),
        plan(5 * interval),
        heard(epoch),
        horizon(std::max(epoch, plan)) {}

  /// How long a sample of `lane` speaks for the series: 3/2 of its own interval if that is coarser.
  Span live_in(const Lane& lane) const {
    return std::max(live, lane.coarse() > 0 ? Reach(lane.coarse(), heard).live : 0);
  }

  /// How bad it is that two neighbours are `gap` apart, which is at most `live`: how far that is
  /// from S, and three times more how far it is outside of 11/15 S to 11/10 S. Within those `rate`
  /// reaches over the step without an error (docs/merge.md).
  Span cost(Span gap) const {
    const Span off = std::max(gap, interval) - std::min(gap, interval);
    const Span too_short = shortest - std::min(gap, shortest);
    const Span too_long = std::max(gap, longest) - longest;
    return off + 3 * (too_short + too_long);
  }

  Span interval;  ///< S
  Span next;      ///< 5/4 S: so long a replica that was followed may take for its next sample
  Span live;      ///< 3/2 S: older than this a sample no longer speaks for the series
  Span apart;     ///< S/2: samples of two replicas keep this distance
  Span near;      ///< S/4: not even a hole brings them nearer: slow targets and skewed clocks could
                  ///< then show the later sample with the older value, a counter that falls
  Span shortest;  ///< 11/15 S, and
  Span longest;   ///< 11/10 S: see `cost`
  Span foresight;  ///< 7/2 S: so far ahead a replica's failure is looked for
  Span plan;       ///< 5 S: and so far a way is planned then
  Span heard;    ///< one epoch: a stale marker ends what its lane said since then, and else nothing
  Span horizon;  ///< an epoch, or 5 S: so far ahead a course looks for anybody who goes on.
                 ///< A reader for a range can't know more (`margin_after`, rule.h)

 private:
  /// So that no sum or product of these can overflow.
  static constexpr Span longest_interval = Span{1} << 56;
};

}  // namespace prombraid::merge
