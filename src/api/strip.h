/// A replica's side of a series as a strip along the time axis.
#pragma once

#include <cstdint>
#include <vector>

#include "merge/explain.h"
#include "series/sample.h"

namespace prombraid::api {

enum class Presence : std::uint8_t {
  live,   ///< it has samples at their interval
  hole,   ///< it has none, though it or another replica has them around
  stale,  ///< it has none, after it said that the series ended
};

const char* name_of(Presence presence);

struct StripPart {
  Timestamp from = 0;
  Timestamp to = 0;  ///< the next part begins there
  Presence presence = Presence::live;

  bool operator==(const StripPart&) const = default;
};

/// From one end of `range` to the other, in time order, the parts of `strand`. One hole where it
/// has nothing.
std::vector<StripPart> strip_of(std::uint32_t strand, const merge::Explanation& seen,
                                TimeRange range);

}  // namespace prombraid::api
