/// The scrape interval of a series, learnt from the series.
#pragma once

#include <span>

#include "merge/lane.h"
#include "merge/times.h"

namespace prombraid::merge {

/// The median distance of neighbours, snapped, in the first lane by rank that is not coarser than
/// the finest one by more than 4/3. 0 where no lane has two moments. Tells the lanes whose own
/// median is coarser than that by more than 4/3 (`Lane::set_coarse`). Decodes the one lane, and
/// those that look coarser by their heads: with another interval, or a large hole.
Span interval_of(std::span<Lane> lanes);

/// Rounds a gap to what a person would have configured: whole seconds from 1.5 s on, else tenths of
/// a second from 150 ms on. Jitter moves a median by some milliseconds from one window to the next;
/// the interval must not move with it, or the same graph would differ after a refresh.
Span snap(Span gap);

}  // namespace prombraid::merge
