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

/// What one replica has of the series: real samples and stale markers inside the range.
struct Presence {
  std::uint32_t strand = 0;
  std::uint64_t samples = 0;
  std::uint64_t stale_markers = 0;
  Timestamp first = 0;  ///< of the real samples; both 0 where there is none
  Timestamp last = 0;

  bool operator==(const Presence&) const = default;
};

/// A replica did not speak: between two of its samples a gap of more than 3/2 of an interval or a
/// stale marker, or, at an end of the range, that much less than another replica has there.
struct Hole {
  std::uint32_t strand = 0;
  Timestamp last_before = 0;  ///< its last real sample before; `first_time` where none is
  Timestamp first_after = 0;  ///< its next real one; `last_time` where none follows in the range
  bool marked = false;        ///< a stale marker begins it

  bool operator==(const Hole&) const = default;
};

/// Two replicas have different values at the same time.
struct Disagreement {
  Timestamp t = 0;
  std::uint32_t strand = 0;  ///< the better ranked one
  std::uint32_t other = 0;
  bool histogram = false;  ///< one at least is a histogram; then the values below say nothing
  DoubleBits value = 0;
  DoubleBits other_value = 0;

  bool operator==(const Disagreement&) const = default;
};

struct Explanation {
  Span interval = 0;                        ///< S, by which holes are measured
  std::vector<Presence> presences;          ///< one for each strand that decodes, by rank
  std::vector<Hole> holes;                  ///< by strand, then by time; they do not overlap
  std::vector<Disagreement> disagreements;  ///< in time order; only the first ones are kept
  std::uint64_t disagreed = 0;              ///< how often in all

  /// The presence of `strand`; null where it has not got the series or does not decode.
  const Presence* of(std::uint32_t strand) const;
};

/// What `strands` (by rank, null for none) hold inside `range`, measured with the interval that the
/// merge has learnt. Strands that do not decode are left out; the merge has told of them. Of the
/// disagreements the first `kept` are listed. Takes up to `explain_bytes(strands)`.
Explanation explain(std::span<const Strand* const> strands, TimeRange range, Span interval,
                    std::size_t kept = 10);

/// What the heads of the chunks let expect, for memory accounting.
std::size_t explain_bytes(std::span<const Strand* const> strands);

}  // namespace prombraid::merge
