/// The times of a chunk alone: all that the merge must see of a replica that it follows.
#pragma once

#include <cstdint>

#include "base/error.h"
#include "series/chunk.h"

namespace prombraid::chunk {

/// True for the encodings that decode_times reads: all but XOR2.
inline bool times_can_be_read_alone(Encoding encoding) {
  return encoding != Encoding::xor2;
}

/// What the samples of a chunk have in common.
struct TimesSeen {
  std::uint64_t least_step = UINT64_MAX;  ///< from one sample to the next, as an unsigned number
  std::uint64_t most_step = 0;            ///< likewise; less than `least_step`: of a single sample
  bool stale = false;                     ///< one of them at least is a stale marker
};

/// Where the times of a chunk go, one place a sample. Behind each is room for all of them.
struct TimeRows {
  Timestamp* times;
  std::uint8_t* stale;  ///< 1 where the sample is a stale marker, else 0
  std::uint32_t* ends;  ///< where the sample's bits end in the chunk, for who cuts there
};

/// `count` is what sample_count gave. Errors: as `decode`; the rows then hold nothing of use.
///
/// A third of what `decode` takes of floats, since most chunks tell early that no value of theirs
/// can be a stale marker: a bit in which that differs from the first value lies outside every
/// window of changed bits. Of those chunks no value is looked at. Of histograms only the sums are.
Result<TimesSeen> decode_times(const Chunk& chunk, unsigned count, const TimeRows& rows);

}  // namespace prombraid::chunk
