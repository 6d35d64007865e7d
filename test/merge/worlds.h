/// Small made-up worlds for the merge: all tiny ones, and random ones.
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <vector>

#include "merge/lane.h"
#include "oracle.h"

namespace prombraid::merge::worlds {

using Lanes = std::vector<oracle::Moments>;

/// In every slot of every lane: nothing, a sample, or a stale marker. Lane k speaks at
/// slot * interval + phases[k].
void each_tiny(std::size_t slots, const std::vector<Timestamp>& phases, Span interval,
               const std::function<void(const Lanes&)>& visit);

/// Replicas with phases, jitter, blips (a marker), crashes (nothing) and shared outages.
Lanes random(std::mt19937_64& random, Span interval, std::size_t slots);

/// Leaves what a replica of that interval would have had, and says so if it is coarser than S.
void thin(oracle::Moments& lane, Span interval, Span s);

/// The moments of `lanes` in [start, end].
Lanes cut(const Lanes& lanes, Timestamp start, Timestamp end);

}  // namespace prombraid::merge::worlds
