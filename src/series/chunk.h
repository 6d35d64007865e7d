/// A chunk as remote_read carries it, and a replica's series made of chunks.
#pragma once

#include <string_view>
#include <vector>

#include "series/labels.h"
#include "series/sample.h"

namespace prombraid {

/// prompb/types.proto, Chunk.Encoding. The enum is open: other values arrive and are refused by
/// number where they must be decoded. We read 0 to 6 (0 is XOR from senders older than 2.40) and
/// write 1 to 3, which every client knows.
enum class Encoding : std::uint8_t {
  unknown = 0,
  xor_float = 1,
  histogram = 2,
  float_histogram = 3,
  xor2 = 4,
  histogram_st = 5,
  float_histogram_st = 6,
};

/// Borrowed: `data` points into a buffer that somebody else keeps alive.
struct Chunk {
  Timestamp min_time = 0;  ///< of the first sample
  Timestamp max_time = 0;  ///< of the last sample
  Encoding encoding = Encoding::unknown;
  std::string_view data;
};

/// One series as one replica has it: the strand that the merge braids. `chunks` are in time order
/// and do not overlap; `buffers` are the frames (or re-encoded bytes) that they point into.
/// Moving it keeps the views valid; it is not to be copied.
struct Strand {
  Strand() = default;
  Strand(Strand&&) = default;
  Strand& operator=(Strand&&) = default;
  Strand(const Strand&) = delete;
  Strand& operator=(const Strand&) = delete;

  Labels labels;
  std::vector<Chunk> chunks;
  std::vector<std::vector<char>> buffers;

  /// The bytes it holds, for memory accounting.
  std::size_t bytes() const {
    std::size_t sum = labels.bytes() + chunks.capacity() * sizeof(Chunk);
    for (const auto& buffer : buffers) sum += buffer.capacity();
    return sum;
  }
};

}  // namespace prombraid
