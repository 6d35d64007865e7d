/// The merge rule once more, slow and plain, over whole lists: what the fast one is compared with.
#pragma once

#include <vector>

#include "merge/lane.h"
#include "merge/times.h"

namespace prombraid::merge::oracle {

/// A lane, and its interval where that is coarser than S.
struct Moments : std::vector<Moment> {
  using std::vector<Moment>::vector;
  Span coarse = 0;
};

/// A moment and the lane it was taken from.
struct Taken {
  std::size_t lane = 0;
  Moment moment;

  bool operator==(const Taken&) const = default;
};

using Answer = std::vector<Taken>;

/// The course (course.h) that begins after `from`, to its end. Up to `known_until` all that will
/// ever be there is there.
Answer course(const std::vector<Moments>& lanes, Span interval, Span epoch, Timestamp from,
              Timestamp known_until);

/// The answer (braid.h): in every epoch the course that began eight epochs before it.
Answer braid(const std::vector<Moments>& lanes, Span interval, Span epoch, Timestamp known_until);

/// A real sample in (t - 3/2 S, t] and no stale marker after it until t; S is the lane's own if
/// coarser.
bool live(const Moments& lane, Timestamp t, Span interval);

}  // namespace prombraid::merge::oracle
