/// The times of a float chunk alone: all that the merge must see of a replica that it follows.
#pragma once

#include <cstdint>

#include "base/error.h"
#include "series/chunk.h"

namespace prombraid::chunk {

/// True for the encodings that decode_times reads: the XOR code, as 0 or as 1.
inline bool times_can_be_read_alone(Encoding encoding) {
  return encoding == Encoding::xor_float || encoding == Encoding::unknown;
}

/// Writes the time of each sample, and 1 where it is a stale marker, else 0. `count` is what
/// sample_count gave, and both rows have room for it. A quarter cheaper than `decode` and a copy:
/// no value is stored. Errors: as `decode`; the rows then hold nothing of use.
Result<void> decode_times(const Chunk& chunk, unsigned count, Timestamp* times,
                          std::uint8_t* stale);

}  // namespace prombraid::chunk
