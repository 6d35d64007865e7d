/// A chunk that owns its bytes, as encoders and slices give it.
#pragma once

#include <utility>
#include <vector>

#include "chunk/bit_writer.h"
#include "series/chunk.h"

namespace prombraid::chunk {

/// `chunk.data` points into `bytes`. Moving keeps it valid, also when `bytes` alone is moved into
/// a Strand's buffers; copying would not, so there is none.
struct EncodedChunk {
  EncodedChunk() = default;
  EncodedChunk(EncodedChunk&&) = default;
  EncodedChunk& operator=(EncodedChunk&&) = default;
  EncodedChunk(const EncodedChunk&) = delete;
  EncodedChunk& operator=(const EncodedChunk&) = delete;

  Chunk chunk;
  std::vector<char> bytes;
};

/// The bits written so far, the count set in the two bytes at the front, with the times and the
/// encoding of `about`. Leaves `bits` empty.
EncodedChunk seal(BitWriter& bits, std::size_t count, const Chunk& about);

/// The chunk and its bytes become the last of `strand`.
inline void append(EncodedChunk&& encoded, Strand& strand) {
  strand.chunks.push_back(encoded.chunk);
  strand.buffers.push_back(std::move(encoded.bytes));
}

}  // namespace prombraid::chunk
