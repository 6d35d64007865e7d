#include "chunk/decode_times.h"
#include "chunk/decoders.h"
#include "chunk/xor_cursor.h"

namespace prombraid::chunk {

namespace {

/// Sample 0 takes 72 bits or more, sample 1 nine, every other two.
bool plausible(unsigned count, std::size_t bits) {
  if (count == 1) return bits >= 72;
  return bits >= 81 + std::size_t{count - 2} * 2;
}

/// Reads the samples from the third on and puts each at its place. Returns how many are good:
/// `count` if all are.
template <class Rows>
std::size_t read_rest(XorCursor& cursor, std::size_t count, Rows rows) {
  // By value, so that the compiler may keep it in registers: the rows could point into it.
  XorCursor at = cursor;
  std::size_t i = 2;
  while (i < count) {
    const std::uint64_t window = at.in.peek();
    if (window >> 62 != 0) {
      if (!at.next(window) || !at.in.ok()) break;
      rows.put(i, at.t, at.v);
      ++i;
      continue;
    }
    const std::size_t run = XorCursor::unchanged(window, count - i);
    at.in.skip(2 * run);
    if (!at.in.ok()) break;
    for (std::size_t k = 0; k < run; ++k) {
      at.t = XorCursor::plus(at.t, at.delta);
      rows.put(i + k, at.t, at.v);
    }
    i += run;
  }
  cursor = at;
  return i;
}

template <class Rows>
Result<void> read_all(const Chunk& chunk, unsigned count, XorCursor& cursor, Rows rows) {
  for (std::size_t i = 0; i < std::min(count, 2u); ++i) {
    if (!cursor.read(i)) return unreadable({chunk.encoding, i, count}, !cursor.in.ok());
    rows.put(i, cursor.t, cursor.v);
  }
  if (count <= 2) return {};
  const std::size_t good = read_rest(cursor, count, rows);
  if (good < count) return unreadable({chunk.encoding, good, count}, !cursor.in.ok());
  return {};
}

struct Samples {
  Timestamp* times;
  DoubleBits* values;

  void put(std::size_t i, Timestamp t, DoubleBits v) {
    times[i] = t;
    values[i] = v;
  }
};

struct Times {
  Timestamp* times;
  std::uint8_t* stale;

  void put(std::size_t i, Timestamp t, DoubleBits v) {
    times[i] = t;
    stale[i] = is_stale(v) ? 1 : 0;
  }
};

Error too_short(const Chunk& chunk, unsigned count) {
  return corrupt({chunk.encoding, 0, count}, "so many samples need more bytes");
}

}  // namespace

Result<void> decode_xor(const Chunk& chunk, unsigned count, DecodedChunk& out) {
  XorCursor cursor(chunk.data);
  if (!plausible(count, cursor.in.bits_left())) return too_short(chunk, count);
  out.histograms.clear();
  out.times.resize(count);
  out.values.resize(count);
  return read_all(chunk, count, cursor, Samples{out.times.data(), out.values.data()});
}

Result<void> decode_times(const Chunk& chunk, unsigned count, Timestamp* times,
                          std::uint8_t* stale) {
  if (count == 0) return {};
  XorCursor cursor(chunk.data);
  if (!plausible(count, cursor.in.bits_left())) return too_short(chunk, count);
  return read_all(chunk, count, cursor, Times{times, stale});
}

}  // namespace prombraid::chunk
