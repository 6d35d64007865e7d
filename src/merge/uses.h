/// Which replica an answer follows from when to when, and why.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "merge/explain.h"
#include "merge/piece.h"

namespace prombraid::merge {

enum class Why : std::uint8_t {
  best,     ///< it ranks best of those that have the series, or better than the one before it
  hole,     ///< a better ranked replica, or the one followed before, has a hole here or soon
  spacing,  ///< the next sample of the one before was late, or an epoch began (braid.h)
};

/// A run of samples of one strand.
struct Use {
  std::uint32_t strand = 0;
  Timestamp from = 0;  ///< of its first sample
  Timestamp to = 0;    ///< of its last
  std::uint64_t samples = 0;
  Reason reason = Reason::leader;
  Why why = Why::best;
  Hole hole;  ///< where `why` is hole

  bool operator==(const Use&) const = default;
};

/// The uses that `pieces` come to, in time order. `seen` is of the same strands and range.
std::vector<Use> uses_of(std::span<const Piece> pieces, const Explanation& seen);

}  // namespace prombraid::merge
