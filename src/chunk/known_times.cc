#include "chunk/known_times.h"

#include <cstring>
#include <string_view>

#include "chunk/decode.h"
#include "chunk/known_start.h"
#include "chunk/look.h"

namespace prombraid::chunk {
namespace {

/// No look at a sample reaches further than this behind its first bit: 68 bits of time step, then
/// eight bytes in which 13 bits of window lie wherever they begin. Values are passed over.
constexpr std::size_t margin = 24;

/// Where a walk is; `width` and `trailing` are those of the window in use.
struct Place {
  std::size_t at = 0;
  unsigned width = 64;
  unsigned trailing = 0;
  std::uint64_t held = 0;  ///< bits in which no value so far can be the stale marker's
  DoubleBits v = 0;        ///< kept up where the walk is told to
};

/// The value changes by the bits from `at` on, which are the top ones of `next`; of those the first
/// `seen` are good.
[[gnu::always_inline]] inline void change_value(const char* data, std::size_t at,
                                                std::uint64_t next, unsigned seen, Place& now) {
  const std::uint64_t field =
      now.width <= seen ? next >> (64 - now.width) : bits(data, at, now.width);
  now.v ^= field << now.trailing;
}

/// Takes a window of changed bits in. False where it is none, or a value may be a stale marker.
[[gnu::always_inline]] inline bool take_window(std::uint64_t next, Place& now) {
  const auto leading = static_cast<unsigned>(next << 2 >> 59);
  now.width = static_cast<unsigned>(((next << 7 >> 58) - 1) & 63) + 1;
  if (leading + now.width > 64) return false;
  now.trailing = 64 - leading - now.width;
  now.held &= ~(~std::uint64_t{0} >> (64 - now.width) << now.trailing);
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

/// Sample `i` in any form. False where it is not as it was known.
template <bool with_values>
[[gnu::always_inline]] inline bool read_other(const char* data, std::uint64_t next, std::size_t i,
                                              const Known& known, Place& now) {
  const StepCode code = known.codes[i];
  if (code == long_code) [[unlikely]] {
    if (!is_long(data, now.at, change_before(known.times.data(), i))) return false;
    now.at += 68;
    next = look(data, now.at);
  } else {
    const unsigned length = step_length(code);
    if (next >> (64 - length) != step_bits(code)) return false;
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
  now.at += 2;
  if constexpr (with_values) change_value(data, now.at, 0, 0, now);
  now.at += now.width;
  return true;
}

/// The samples from `i` to before `to` that begin before `stop`; `begin` is where `data` begins in
/// the chunk, in bits. Gives the first that does not, or 0 where one is not as it was known.
template <bool with_values>
std::size_t stretch(const char* data, std::size_t stop, std::size_t begin, Place& place,
                    std::size_t i, std::size_t to, const Known& known) {
  Place now = place;
  const StepCode* const codes = known.codes;
  std::uint32_t* const ends = known.ends;
  for (; i < to && now.at < stop; ++i) {
    const unsigned length = codes[i] >> pattern_bits;
    const std::uint64_t next = look(data, now.at);
    if (next >> (64 - length) == (codes[i] & pattern_mask) && now.width != 64) [[likely]] {
      if constexpr (with_values) {
        change_value(data, now.at + length, next << length, 57 - length, now);
      }
      now.at += length + now.width;
    } else if (!read_other<with_values>(data, next, i, known, now)) {
      return 0;
    }
    ends[i] = static_cast<std::uint32_t>(begin + now.at);
  }
  place = now;
  return i;
}

/// The samples from `i` to before `to`, from 2 on.
template <bool with_values>
bool walk(std::string_view chunk, Place& place, std::size_t i, std::size_t to, const Known& known) {
  if (chunk.size() > margin) {
    const std::size_t stop = (chunk.size() - margin) * 8;
    i = stretch<with_values>(chunk.data(), stop, 0, place, i, to, known);
  }
  if (i == to || i == 0 || place.at >= chunk.size() * 8) return i == to;
  // The last bytes from a copy with zeros behind it.
  char copy[3 * margin] = {};
  const std::size_t begin = place.at >> 3;
  const std::string_view left = chunk.substr(begin);
  std::memcpy(copy, left.data(), left.size());
  place.at -= begin * 8;
  i = stretch<with_values>(copy, left.size() * 8, begin * 8, place, i, to, known);
  place.at += begin * 8;
  return i == to;
}

XorState state_after(std::size_t i, const Place& place, const Known& known) {
  const auto step =
      static_cast<std::uint64_t>(known.times[i]) - static_cast<std::uint64_t>(known.times[i - 1]);
  return {place.at, known.times[i], step, place.v, place.width, place.trailing};
}

/// As `walk` from sample 2 to the last, by way of the cut.
bool walk_through(std::string_view chunk, Place& place, const Known& known, CutPlace& cut) {
  const std::size_t count = known.times.size();
  const std::size_t first = cut.first;
  if (first > 1 && !walk<true>(chunk, place, 2, first + 1, known)) return false;
  cut.begin = cut.second = state_after(first, place, known);
  if (first + 1 == count) return true;
  if (!walk<true>(chunk, place, first + 1, first + 2, known)) return false;
  cut.second = state_after(first + 1, place, known);
  return walk<false>(chunk, place, first + 2, count, known);
}

}  // namespace

void code_steps(std::span<const Timestamp> times, StepCode* codes) {
  for (std::size_t i = 2; i < times.size(); ++i) codes[i] = code_of(change_before(times.data(), i));
}

bool has_times(const Chunk& chunk, std::span<const Timestamp> times, const StepCode* codes,
               std::uint32_t* ends, CutPlace* cut) {
  KnownStart start;
  if (!start.read(chunk.data, times)) return false;
  ends[0] = start.first_end;
  if (times.size() == 1) return true;
  const XorState& state = start.state;
  ends[1] = static_cast<std::uint32_t>(state.at);
  Place place{state.at, state.width, state.trailing, start.held, state.v};
  const Known known{times, codes, ends};
  const bool same = cut != nullptr ? walk_through(chunk.data, place, known, *cut)
                                   : walk<false>(chunk.data, place, 2, times.size(), known);
  return same && place.at <= chunk.data.size() * 8;
}

}  // namespace prombraid::chunk
