/// The merge rule: which replica speaks when, the same whatever window is looked at.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "merge/course.h"
#include "merge/lane.h"
#include "merge/piece.h"
#include "merge/times.h"

namespace prombraid::merge {

/// The moments [from, from + count) of one lane.
struct Run {
  std::uint32_t lane = 0;
  std::uint32_t from = 0;
  std::uint32_t count = 0;

  bool operator==(const Run&) const = default;
};

/// A course (course.h) stays where it is, so what it takes depends on where it began, and a window
/// that begins later would show other samples. Therefore time is cut in epochs, on a clock that all
/// windows share, and in each epoch (b, b + E] the answer follows the course that began eight
/// epochs earlier (`epochs_back` of rule.h), after b - 8 E. By b that course has mostly met the one
/// before it; where it has not, the answer changes over once, keeping S/2. So what is answered in
/// an epoch, but for the change, depends on the data of that epoch and of the eight before it, and
/// on nothing else.
///
/// A change goes by way of one sample of a third lane where that makes the longer of its two steps
/// better than the one step it takes else: phases differ, and half the way is often near to S.
class Braider {
 public:
  /// `lanes` by rank, `interval` and `epoch` in milliseconds; up to `known_until` the lanes are
  /// silent for good where they are (Course). Runs are in time order and do not overlap. A single
  /// lane comes back whole, and is decoded. Where a lane is not `good` afterwards, the runs are not
  /// to be used.
  void braid(std::span<Lane> lanes, Span interval, Span epoch, Timestamp known_until);

  /// All of one lane, which is not decoded for it.
  void take_whole(const Lane& lane);

  /// Valid until the next of these calls.
  std::span<const Run> runs() const { return runs_; }

 private:
  void follow_courses(std::span<Lane> lanes, std::uint32_t best, const Reach& reach, Span epoch,
                      Timestamp known_until);
  bool enter_epoch(std::span<Lane> lanes, const Course& main, Course& ahead, Course fresh,
                   const Reach& reach, Timestamp begin);
  bool has_taken(std::span<Lane> lanes, Step last, std::uint32_t count) const;
  void record(Step last, std::uint32_t count);

  std::vector<Run> runs_;
  Timestamp joined_ = first_time;  ///< where the answer went over to the course it is on
};

/// The end of the epoch that `t` lies in: the smallest multiple of `epoch` that is not before `t`.
Timestamp epoch_end(Timestamp t, Span epoch);

}  // namespace prombraid::merge
