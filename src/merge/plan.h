/// The best way on for a course whose lane is about to fail.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "merge/lane.h"
#include "merge/reach.h"
#include "merge/times.h"

namespace prombraid::merge {

/// The first step, not later than `until`, of the best way on from `last`, a real moment: of all
/// ways through the real samples, each step of at most 3/2 S, to the next one of its lane or over
/// more than S/2 to another lane, that end in a lane that is not coarse (lane.h) in the last 3/2 S
/// of the next 5 S, that one whose steps together cost least (`Reach::cost`). Between equals the
/// one with fewer changes of lane, then one that stays first, then the one whose first step is
/// earlier, then the one of the better ranked lane.
///
/// Empty where no way leads so far: a hole is ahead, or the end of all data, or there are more than
/// `most_planned` samples.
///
/// A way of several steps may end on a better phase than the one step that is best now. All ways
/// are looked at in the order of their samples, from the last one back, so that it costs two loops
/// over some 5 samples a lane.
std::optional<Step> best_way_on(std::span<Lane> lanes, const Reach& reach, Step last,
                                Timestamp until = last_time);

/// Twenty replicas have 120 samples in 5 S and a little: a series whose samples come closer than
/// that is not planned, as this takes time by the square of their number.
inline constexpr std::size_t most_planned = 128;

}  // namespace prombraid::merge
