#include "chunk/encoded_chunk.h"

namespace prombraid::chunk {

EncodedChunk seal(BitWriter& bits, std::size_t count, const Chunk& about) {
  EncodedChunk out;
  out.bytes = bits.take();
  if (out.bytes.size() < 2) out.bytes.resize(2);
  out.bytes[0] = static_cast<char>(count >> 8);
  out.bytes[1] = static_cast<char>(count);
  out.chunk = about;
  out.chunk.data = {out.bytes.data(), out.bytes.size()};
  return out;
}

}  // namespace prombraid::chunk
