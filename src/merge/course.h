/// The rule's course through the lanes: from one moment to the next.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>

#include "merge/lane.h"
#include "merge/times.h"

namespace prombraid::merge {

/// A moment by its lane and its number there.
struct Step {
  std::uint32_t lane = 0;
  std::uint32_t at = 0;

  bool operator==(const Step&) const = default;
};

/// The distances the rule measures with, from the scrape interval S.
struct Reach {
  Reach(Span interval, Span epoch);

  /// How long a sample of `lane` speaks for the series: 3/2 of its own interval if that is coarser.
  Span live_in(const Lane& lane) const {
    return std::max(live, lane.coarse() > 0 ? Reach(lane.coarse(), heard).live : 0);
  }

  /// How bad it is that two neighbours are `gap` apart: too early counts two thirds of too late.
  /// `gap` is at most `live`.
  Span cost(Span gap) const {
    return gap >= interval ? 3 * (gap - interval) : 2 * (interval - gap);
  }

  Span interval;  ///< S
  Span next;      ///< 5/4 S: so long a replica that was followed may take for its next sample
  Span live;      ///< 3/2 S: older than this a sample no longer speaks for the series
  Span apart;     ///< S/2: samples of two replicas keep this distance
  Span near;      ///< S/4: not even a hole brings them nearer: slow targets and skewed clocks could
                  ///< then show the later sample with the older value, a counter that falls
  Span heard;  ///< one epoch: a stale marker ends what its lane said since then, and else nothing
};

/// How a merge goes on from where it is, one moment at a time:
///
/// 1. The replica followed so far has its next sample within 5/4 S: take it. One that is coarser
///    (lane.h) may take 5/4 of its own interval, as long as no finer one speaks: else that one's
///    sample is taken, and where nobody does, its own interval stands for S below.
/// 2. Else go to the replica whose next sample, at least S/2 away, is nearest to one S away (`cost`
///    measures, see docs/merge.md). Rank decides between equals.
///    Either step goes elsewhere where it would be one of the last two before a hole that all share
///    (`before_hole`): then the lane that speaks last gives them.
/// 3. Nobody speaks within 3/2 S, and later there is more: the latest sample in (S/4, S/2] makes
///    the hole smaller. (At the end of all data, as every query for "now" sees it, it is not known
///    to be a hole.)
/// 4. Else all share a hole. The first stale marker in it at which no replica is live is taken,
///    then whoever speaks first, more than S/2 after what was taken; instead of a coarser one that
///    was live in that time a finer one that speaks S/4 later at most.
///
/// A marker counts only where the moment before it in its lane is real and not older than an epoch:
/// a window in which that sample lies outside could not tell what the marker ends.
///
/// What comes next depends on the last step and what follows it within 9/2 S. So two courses that
/// meet stay together.
class Course {
 public:
  /// A course that begins after `from`: with the best ranked lane that speaks within 3/2 S, else
  /// as after a hole. The lanes must outlive it.
  Course(std::span<Lane> lanes, const Reach& reach, Timestamp from)
      : lanes_(lanes), reach_(&reach), time_(from) {}

  /// Takes the next moment; false at the end of all lanes.
  bool advance();

  /// As `advance` as long as rule 1 holds and up to `until`. Gives the number of moments taken.
  std::uint32_t run_on(Timestamp until);

  bool begun() const { return begun_; }
  Step last() const { return last_; }
  Timestamp time() const { return time_; }  ///< of the last step, or where the course begins
  bool stale() const { return begun_ && lanes_[last_.lane].stale(last_.at); }

 private:
  bool start();
  bool follow();
  std::optional<Step> own_next();
  std::optional<Step> nearest(const Reach& reach);
  Step before_hole(Step next);
  bool may_follow(Step step) const;
  bool hole_follows();
  std::optional<Step> last_near();
  bool follow_coarse(Span own);
  std::optional<Step> finer_before(Span own, Timestamp end);
  std::optional<Step> first_finer(Span own, Timestamp after, Timestamp end, Span than);
  Reach reach_here() const;
  bool change();
  bool shrink_hole();
  bool cross_hole();
  bool live_at(Timestamp t);
  bool ends_something(std::uint32_t lane, std::uint32_t at);
  std::optional<Step> first_to_speak();
  Step finer_soon(Step first);
  std::optional<Step> stale_marker_until(Timestamp until);
  void take(Step step);

  std::span<Lane> lanes_;
  const Reach* reach_;
  Timestamp time_;
  Step last_;
  bool begun_ = false;
};

}  // namespace prombraid::merge
