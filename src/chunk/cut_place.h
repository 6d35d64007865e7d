/// A place inside an XOR chunk at which a slice of it can begin.
#pragma once

#include <cstddef>
#include <cstdint>

#include "chunk/xor_walk.h"
#include "series/sample.h"

namespace prombraid::chunk {

/// The two samples that a slice must write anew: behind them it is bits that are copied (slice.h).
struct CutPlace {
  std::size_t first = 0;  ///< the slice's first sample in the chunk, not its sample 0
  XorState begin;         ///< after that sample
  XorState second;        ///< after the one behind it, or as `begin` where there is none
};

/// What is known of the places of a slice before it is made. They belong to who knows them.
struct KnownPlaces {
  bool begins_at(std::size_t sample) const { return begin != nullptr && begin->first == sample; }
  bool knows_end() const { return end != nullptr && *end != 0; }

  const CutPlace* begin = nullptr;  ///< of an XOR chunk; null: not known
  const std::uint32_t* end =
      nullptr;          ///< where the last sample ends, in bits; null or 0: not known
  Timestamp first = 0;  ///< where `end` is known: the time of the first sample
  Timestamp last = 0;   ///< and of the last
};

}  // namespace prombraid::chunk
