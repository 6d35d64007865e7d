#include "chunk/decoders.h"
#include "chunk/xor_cursor.h"

namespace prombraid::chunk {

namespace {

/// Sample 0 takes 72 bits or more, sample 1 nine, every other two.
bool plausible(unsigned count, std::size_t bits) {
  if (count == 1) return bits >= 72;
  return bits >= 81 + std::size_t{count - 2} * 2;
}

/// Reads the samples from the third on. Returns how many are good: `count` if all are.
std::size_t read_rest(XorCursor& cursor, std::size_t count, Timestamp* times, DoubleBits* values) {
  // By value, so that the compiler may keep it in registers: `times` could point into it.
  XorCursor at = cursor;
  std::size_t i = 2;
  while (i < count) {
    const std::uint64_t window = at.in.peek();
    if (window >> 62 != 0) {
      if (!at.next(window) || !at.in.ok()) break;
      times[i] = at.t;
      values[i] = at.v;
      ++i;
      continue;
    }
    const std::size_t run = XorCursor::unchanged(window, count - i);
    at.in.skip(2 * run);
    if (!at.in.ok()) break;
    for (std::size_t k = 0; k < run; ++k) {
      at.t = XorCursor::plus(at.t, at.delta);
      times[i + k] = at.t;
      values[i + k] = at.v;
    }
    i += run;
  }
  cursor = at;
  return i;
}

}  // namespace

Result<void> decode_xor(const Chunk& chunk, unsigned count, DecodedChunk& out) {
  XorCursor cursor(chunk.data);
  if (!plausible(count, cursor.in.bits_left())) {
    return corrupt({chunk.encoding, 0, count}, "so many samples need more bytes");
  }
  out.histograms.clear();
  out.times.resize(count);
  out.values.resize(count);
  for (std::size_t i = 0; i < std::min(count, 2u); ++i) {
    if (!cursor.read(i)) return unreadable({chunk.encoding, i, count}, !cursor.in.ok());
    out.times[i] = cursor.t;
    out.values[i] = cursor.v;
  }
  if (count <= 2) return {};
  const std::size_t good = read_rest(cursor, count, out.times.data(), out.values.data());
  if (good < count) return unreadable({chunk.encoding, good, count}, !cursor.in.ok());
  return {};
}

}  // namespace prombraid::chunk
