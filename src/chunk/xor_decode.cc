#include <algorithm>

#include "chunk/decode_times.h"
#include "chunk/decoders.h"
#include "chunk/xor_cursor.h"

namespace prombraid::chunk {

namespace {

/// Sample 0 takes 72 bits or more, sample 1 nine, every other two.
bool plausible(const Chunk& chunk, unsigned count) {
  const std::size_t bits = (chunk.data.size() - 2) * 8;
  if (count == 1) return bits >= 72;
  return bits >= 81 + std::size_t{count - 2} * 2;
}

Error too_short(const Chunk& chunk, unsigned count) {
  return corrupt({chunk.encoding, 0, count}, "so many samples need more bytes");
}

/// Each sample to its place.
struct Samples : NoRows {
  Samples(Timestamp* to_times, DoubleBits* to_values) : times(to_times), values(to_values) {}

  Timestamp* times;
  DoubleBits* values;

  void put(std::size_t i, Timestamp t, DoubleBits v, std::size_t) {
    times[i] = t;
    values[i] = v;
  }
};

/// Times, for as long as no value can be a stale marker.
struct Times {
  static constexpr bool wants_values = false;

  TimeRows to;
  std::uint64_t held;  ///< bits in which no value so far can be the marker's
  TimesSeen seen;

  void put(std::size_t i, Timestamp t, DoubleBits, std::size_t end) {
    to.times[i] = t;
    to.ends[i] = static_cast<std::uint32_t>(end);
  }
  void step(std::uint64_t delta) {
    seen.least_step = std::min(seen.least_step, delta);
    seen.most_step = std::max(seen.most_step, delta);
  }
  bool window(unsigned width, unsigned trailing) {
    held &= ~(~std::uint64_t{0} >> (64 - width) << trailing);
    return held != 0;
  }
};

/// Times and markers, by looking at every value.
struct TimesAndMarkers : Times {
  static constexpr bool wants_values = true;

  void put(std::size_t i, Timestamp t, DoubleBits v, std::size_t end) {
    Times::put(i, t, v, end);
    to.stale[i] = is_stale(v) ? 1 : 0;
    seen.stale |= is_stale(v);
  }
  bool window(unsigned, unsigned) { return true; }
};

}  // namespace

Result<void> decode_xor(const Chunk& chunk, unsigned count, DecodedChunk& out) {
  if (!plausible(chunk, count)) return too_short(chunk, count);
  out.histograms.clear();
  out.times.resize(count);
  out.values.resize(count);
  XorCursor cursor(chunk.data);
  Samples samples(out.times.data(), out.values.data());
  const std::size_t good = cursor.advance(0, count, samples);
  if (good < count) return unreadable({chunk.encoding, good, count}, cursor.data_ended());
  return {};
}

Result<TimesSeen> decode_xor_times(const Chunk& chunk, unsigned count, const TimeRows& rows) {
  if (!plausible(chunk, count)) return too_short(chunk, count);
  XorCursor cursor(chunk.data);
  TimesAndMarkers all{{rows, 0, {}}};
  std::size_t good = cursor.advance(0, 1, all);
  if (good == 1 && !all.seen.stale) {
    XorCursor ahead = cursor;
    Times alone{rows, cursor.state().v ^ stale_marker, {}};
    if (ahead.advance(1, count, alone) == count) {
      std::fill_n(rows.stale, count, std::uint8_t{0});
      return alone.seen;
    }
  }
  if (good == 1) good = cursor.advance(1, count, all);
  if (good < count) return unreadable({chunk.encoding, good, count}, cursor.data_ended());
  return all.seen;
}

}  // namespace prombraid::chunk
