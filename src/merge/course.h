/// The rule's course through the lanes: from one moment to the next.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "merge/lane.h"
#include "merge/reach.h"
#include "merge/times.h"

namespace prombraid::merge {

/// How a merge goes on from where it is, one moment at a time:
///
/// 1. The replica followed so far has its next sample within 5/4 S: take it, if it goes on so for
///    7/2 S, as far as is known. One that is coarser (lane.h) may take 5/4 of its own interval, as
///    long as no finer one speaks: else rule 2 is asked, and where that knows no way, the finer
///    one's sample is taken. Where nobody speaks, its own interval stands for S below.
/// 2. Else take the first step of the best way on through the next 5 S (plan.h). After the first
///    sample behind a hole that all share that step is not later than the first sample that is its
///    lane's second one (`second_after_hole`).
///    Where no way leads so far, as before a hole or the end of all data, rule 1 holds for the one
///    next step, and else the replica is taken whose next sample, at least S/2 away, costs least
///    (`Reach::cost`), a coarse one only where no other speaks. Rank decides between equals.
///    Either step goes elsewhere where it would be one of the last two before a hole that all share
///    (`before_hole`): then the lane that speaks last gives them.
/// 3. Nobody speaks within 3/2 S, but somebody within five minutes: the latest sample in (S/4, S/2]
///    makes the hole smaller. (What comes after that a reader for a range that ends here would not
///    see, and at the end of all data, as every query for "now" sees it, it is not known to be a
///    hole.)
/// 4. Else all share a hole. The first stale marker in it at which no replica is live is taken,
///    then whoever speaks first, more than S/2 after what was taken; instead of a coarser one that
///    was live in that time a finer one that speaks S/4 later at most.
///
/// A marker counts only where the moment before it in its lane is real and not older than an epoch:
/// a window in which that sample lies outside could not tell what the marker ends.
///
/// What comes next depends on the last step, what follows it within five minutes (`Reach::horizon`)
/// and whether somebody spoke in the 3/2 S before it. So two courses that meet, both begun before
/// that, stay together.
class Course {
 public:
  /// A course that begins after `known.start`: with the best ranked lane that speaks within 3/2 S,
  /// a coarse one only where no other does; else as after a hole. Where all are silent until
  /// `known.end` they are known to be; behind it something may still come. The lanes must outlive
  /// it.
  Course(std::span<Lane> lanes, const Reach& reach, TimeRange known)
      : lanes_(lanes), reach_(&reach), known_(known), time_(known.start) {}

  /// Takes the next moment; false at the end of all lanes.
  bool advance();

  /// As `advance` as long as rule 1 holds and up to `until`. Gives the number of moments taken.
  std::uint32_t run_on(Timestamp until);

  bool begun() const { return begun_; }
  Step last() const { return last_; }
  Timestamp time() const { return time_; }  ///< of the last step, or where the course begins
  bool stale() const { return begun_ && lanes_[last_.lane].stale(last_.at); }

 private:
  bool start(bool coarse);
  bool follow();
  std::optional<Step> own_next();
  Step ahead(Step next);
  bool fails_soon();
  bool follow_coarse(Span own);
  std::optional<Step> finer_before(Span own, Timestamp end);
  std::optional<Step> first_finer(Span own, Timestamp after, Timestamp end, Span than);
  bool change();
  std::optional<Step> nearest(const Reach& reach);
  std::optional<Step> nearest(const Reach& reach, bool coarse);
  bool may_follow(Step step) const;
  Reach reach_here() const;
  void take(Step step);

  // course_holes.cc
  bool speaks_in(Timestamp after, Timestamp until);
  bool is_hole(Timestamp after, Timestamp until);
  Step before_hole(Step next);
  bool hole_follows(Timestamp until);
  std::optional<Step> last_near();
  bool shrink_hole();
  bool cross_hole();
  std::optional<Step> first_to_speak();
  Step finer_soon(Step first);
  std::optional<Step> stale_marker_until(Timestamp until);
  bool ends_something(std::uint32_t lane, std::uint32_t at);
  bool live_at(Timestamp t);
  std::optional<Step> second_after_hole();

  std::span<Lane> lanes_;
  const Reach* reach_;
  TimeRange known_;
  Timestamp time_;
  Step last_;
  bool begun_ = false;
};

}  // namespace prombraid::merge
