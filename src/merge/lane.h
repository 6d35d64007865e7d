/// One strand as the rule sees it: when it spoke and when it said "stale". No values.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/error.h"
#include "chunk/decode.h"
#include "series/chunk.h"

namespace prombraid::merge {

/// One sample's time and place.
struct Moment {
  Timestamp t = 0;
  std::uint32_t chunk = 0;
  std::uint32_t index : 31 = 0;
  std::uint32_t stale : 1 = 0;

  bool operator==(const Moment&) const = default;
};

/// All moments of a strand, their times strictly rising whatever the strand holds: chunks that
/// overlap or stand in the wrong order are sorted by time, and of two samples with one timestamp
/// the first in the strand stays. What a chunk's head says of its times is not believed.
class Lane {
 public:
  /// Replaces what the lane holds. Fails as chunk::decode does; the lane is then empty.
  Result<void> load(const Strand& strand);

  std::span<const Moment> moments() const { return moments_; }

 private:
  std::vector<Moment> moments_;
  chunk::DecodedChunk decoded_;
};

}  // namespace prombraid::merge
