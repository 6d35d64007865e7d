/// What the replicas had, for somebody who asks why an answer is as it is. Not for the hot path: it
/// decodes everything.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/error.h"
#include "merge/times.h"
#include "series/chunk.h"
#include "series/sample.h"

namespace prombraid::merge {

/// A replica did not speak between two of its samples: a gap of more than 3/2 of an interval, or a
/// stale marker.
struct Hole {
  std::uint32_t strand = 0;
  Timestamp last_before = 0;  ///< its last real sample before the hole
  Timestamp first_after = 0;  ///< its next real one; `last_time` where none follows in the range
  bool marked = false;        ///< a stale marker begins it

  bool operator==(const Hole&) const = default;
};

/// Two replicas have different values at the same time.
struct Disagreement {
  Timestamp t = 0;
  std::uint32_t strand = 0;  ///< the better ranked one
  std::uint32_t other = 0;

  bool operator==(const Disagreement&) const = default;
};

struct Explanation {
  std::vector<Hole> holes;                  ///< strand by strand, in time order
  std::vector<Disagreement> disagreements;  ///< in time order, of a strand and the best before it
};

/// What `strands` (by rank, null for none) hold inside `range`, measured with the interval that the
/// merge has learnt. Strands that do not decode are left out; the merge has told of them.
Explanation explain(std::span<const Strand* const> strands, TimeRange range, Span interval);

}  // namespace prombraid::merge
