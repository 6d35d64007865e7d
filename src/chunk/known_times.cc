#include "chunk/known_times.h"

#include <cstring>
#include <string_view>

#include "chunk/decode.h"
#include "chunk/xor_cursor.h"

namespace prombraid::chunk {
namespace {

/// No look at a sample reaches further than this behind its first bit: 68 bits of time step, then
/// eight bytes in which 13 bits of window lie wherever they begin. Values are passed over.
constexpr std::size_t margin = 24;

std::uint64_t look(const char* data, std::size_t at) {
  std::uint64_t word = 0;
  std::memcpy(&word, data + (at >> 3), sizeof word);
  return __builtin_bswap64(word) << (at & 7);
}

/// Below the length, which counts them too: the bits of the time step, at most 24, and `10`, as the
/// value of most samples begins: one that changed inside the window in use. So one comparison is
/// enough for these.
constexpr unsigned pattern_bits = 26;
constexpr std::uint64_t pattern_mask = (1u << pattern_bits) - 1;

/// No single bit is 2: this is never found.
constexpr StepCode long_code = 1u << pattern_bits | 2;

StepCode with_length(std::uint64_t bits, unsigned length) {
  return static_cast<StepCode>((length + 2) << pattern_bits | bits << 2 | 0b10);
}

StepCode code_of(std::uint64_t change) {
  if (change == 0) return with_length(0, 1);
  for (unsigned ones = 1; ones <= 3; ++ones) {
    const unsigned width = 11 + 3 * ones;
    if (!fits_biased(static_cast<std::int64_t>(change), width)) continue;
    const std::uint64_t head = (std::uint64_t{2} << ones) - 2;
    return with_length(head << width | low_bits(change, width), ones + 1 + width);
  }
  return long_code;
}

/// Where a walk is; `width` is that of the window in use.
struct Place {
  std::size_t at = 0;
  unsigned width = 64;
  std::uint64_t held = 0;  ///< bits in which no value so far can be the stale marker's
};

/// Takes a window of changed bits in. False where it is none, or a value may be a stale marker.
[[gnu::always_inline]] inline bool take_window(std::uint64_t next, Place& now) {
  const auto leading = static_cast<unsigned>(next << 2 >> 59);
  now.width = static_cast<unsigned>(((next << 7 >> 58) - 1) & 63) + 1;
  if (leading + now.width > 64) return false;
  now.held &= ~(~std::uint64_t{0} >> (64 - now.width) << (64 - leading - now.width));
  return now.held != 0;
}

std::uint64_t change_before(const Timestamp* times, std::size_t i) {
  const auto t = [&](std::size_t k) { return static_cast<std::uint64_t>(times[k]); };
  return (t(i) - t(i - 1)) - (t(i - 1) - t(i - 2));
}

/// The change of the time step that takes 68 bits: four ones and all 64.
bool is_long(const char* data, std::size_t at, std::uint64_t change) {
  const std::uint64_t high = look(data, at + 4) >> 32;
  const std::uint64_t low = look(data, at + 36) >> 32;
  return look(data, at) >> 60 == 0b1111 && (high << 32 | low) == change;
}

/// What is known of the chunk, and where its samples are told to end.
struct Known {
  std::span<const Timestamp> times;
  const StepCode* codes;
  std::uint32_t* ends;
};

/// Sample `i` in any form, up to the bits of a change. False where it is not as it was known.
[[gnu::always_inline]] inline bool read_other(const char* data, std::uint64_t next, std::size_t i,
                                              const Known& known, Place& now) {
  const StepCode code = known.codes[i];
  if (code == long_code) [[unlikely]] {
    if (!is_long(data, now.at, change_before(known.times.data(), i))) return false;
    now.at += 68;
    next = look(data, now.at);
  } else {
    const unsigned length = (code >> pattern_bits) - 2;
    if (next >> (64 - length) != (code & pattern_mask) >> 2) return false;
    now.at += length;
    next <<= length;
  }
  if (next >> 63 == 0) {
    now.at += 1;
    return true;
  }
  if (next >> 62 == 0b11) {
    if (!take_window(next, now)) return false;
    now.at += 11;
  } else if (now.width == 64) {
    return false;  // the window that every reader begins with holds all bits of a stale marker
  }
  now.at += 2 + now.width;
  return true;
}

/// The samples from `i` on that begin before `stop`; `begin` is where `data` begins in the chunk,
/// in bits. Gives the first that does not, or 0 where one is not as it was known.
std::size_t stretch(const char* data, std::size_t stop, std::size_t begin, Place& place,
                    std::size_t i, const Known& known) {
  Place now = place;
  const StepCode* const codes = known.codes;
  std::uint32_t* const ends = known.ends;
  for (const std::size_t count = known.times.size(); i < count && now.at < stop; ++i) {
    const unsigned length = codes[i] >> pattern_bits;
    const std::uint64_t next = look(data, now.at);
    if (next >> (64 - length) == (codes[i] & pattern_mask) && now.width != 64) [[likely]] {
      now.at += length + now.width;
    } else if (!read_other(data, next, i, known, now)) {
      return 0;
    }
    ends[i] = static_cast<std::uint32_t>(begin + now.at);
  }
  place = now;
  return i;
}

/// The samples from 2 on.
bool walk(std::string_view chunk, Place& place, const Known& known) {
  const std::size_t count = known.times.size();
  std::size_t i = 2;
  if (chunk.size() > margin) {
    i = stretch(chunk.data(), (chunk.size() - margin) * 8, 0, place, i, known);
  }
  if (i == count || i == 0 || place.at >= chunk.size() * 8) return i == count;
  // The last bytes from a copy with zeros behind it.
  char copy[3 * margin] = {};
  const std::size_t begin = place.at >> 3;
  const std::string_view left = chunk.substr(begin);
  std::memcpy(copy, left.data(), left.size());
  place.at -= begin * 8;
  i = stretch(copy, left.size() * 8, begin * 8, place, i, known);
  place.at += begin * 8;
  return i == count;
}

}  // namespace

void code_steps(std::span<const Timestamp> times, StepCode* codes) {
  for (std::size_t i = 2; i < times.size(); ++i) codes[i] = code_of(change_before(times.data(), i));
}

bool has_times(const Chunk& chunk, std::span<const Timestamp> times, const StepCode* codes,
               std::uint32_t* ends) {
  XorCursor cursor(chunk.data);
  NoRows rows;
  if (cursor.advance(0, 1, rows) != 1 || cursor.state().t != times[0]) return false;
  const DoubleBits first = cursor.state().v;
  ends[0] = static_cast<std::uint32_t>(cursor.state().at);
  if (is_stale(first)) return false;
  if (times.size() == 1) return true;
  if (cursor.advance(1, 2, rows) != 2 || cursor.state().t != times[1]) return false;
  const XorState& state = cursor.state();
  ends[1] = static_cast<std::uint32_t>(state.at);
  Place place{state.at, state.width, first ^ stale_marker};
  if (state.v != first || state.width != 64) {
    place.held &= ~(~std::uint64_t{0} >> (64 - state.width) << state.trailing);
  }
  return place.held != 0 && walk(chunk.data, place, {times, codes, ends}) &&
         place.at <= chunk.data.size() * 8;
}

}  // namespace prombraid::chunk
