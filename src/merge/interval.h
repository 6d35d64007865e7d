/// The scrape interval of a series, learnt from the series.
#pragma once

#include <cstdint>
#include <span>

#include "merge/lane.h"

namespace prombraid::merge {

/// The smallest of the lanes' median gaps, snapped (see `snap`); 0 where no lane has two moments.
std::uint64_t interval_of(std::span<const std::span<const Moment>> lanes);

/// Rounds a gap to what a person would have configured: whole seconds from 1.5 s on, else tenths of
/// a second from 150 ms on. Jitter moves a median by some milliseconds from one window to the next;
/// the interval must not move with it, or the same graph would differ after a refresh.
std::uint64_t snap(std::uint64_t gap);

}  // namespace prombraid::merge
