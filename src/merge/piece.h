/// What the merge decides: an answer is a row of pieces, each a run of samples of one chunk.
#pragma once

#include <cstdint>

#include "base/error.h"
#include "chunk/cut_place.h"
#include "series/sample.h"

namespace prombraid::merge {

/// Why a run of samples was taken from its strand.
enum class Reason : std::uint8_t {
  leader,  ///< it is the strand that the answer follows at this time
  filled,  ///< the leader had a hole here
};

const char* name_of(Reason reason);

/// The samples [first, first + count) of `strands[strand].chunks[chunk]`. Pieces of one answer are
/// in time order and never overlap. A stale marker is a sample like any other.
struct Piece {
  std::uint32_t strand = 0;
  std::uint32_t chunk = 0;
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  Reason reason = Reason::leader;
  bool whole = false;         ///< all samples of the chunk: its bytes can go out as they came
  Timestamp min_time = 0;     ///< of the first sample, as decoded
  Timestamp max_time = 0;     ///< of the last sample, as decoded
  chunk::KnownPlaces places;  ///< in an XOR chunk, valid as long as the pieces are

  /// The same samples for the same reason, whatever is known of their places.
  bool operator==(const Piece& other) const;
};

/// A strand that does not decode. It was left out, as if its replica had not had the series.
struct Fault {
  std::uint32_t strand = 0;
  Error error;
};

}  // namespace prombraid::merge
