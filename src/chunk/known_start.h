/// The first two samples of an XOR chunk whose times are thought to be known: they are coded in a
/// way of their own.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "chunk/look.h"
#include "chunk/xor_cursor.h"
#include "series/sample.h"

namespace prombraid::chunk {

/// How two first times are coded: as bytes, of which eight at most are looked at.
struct StartCode {
  StartCode() = default;
  explicit StartCode(std::span<const Timestamp> times) {
    const auto first = static_cast<std::uint64_t>(times[0]);
    const auto zigzag = first << 1 ^ static_cast<std::uint64_t>(times[0] >> 63);
    first_bytes = put(zigzag, first_code);
    second_bytes = put(static_cast<std::uint64_t>(times[1]) - first, second_code);
  }

  /// False for times that take more bytes, as no scrape of the last centuries does.
  bool fits() const { return first_bytes <= 8 && second_bytes <= 8; }

  std::uint64_t first_code = 0;
  std::uint64_t second_code = 0;
  unsigned first_bytes = 0;
  unsigned second_bytes = 0;

 private:
  /// As load() would give the bytes.
  static unsigned put(std::uint64_t x, std::uint64_t& code) {
    unsigned bytes = 1;
    for (; x >= 0x80; x >>= 7) {
      if (bytes <= 8) code |= ((x & 0x7f) | 0x80) << (64 - 8 * bytes);
      ++bytes;
    }
    if (bytes <= 8) code |= x << (64 - 8 * bytes);
    return bytes;
  }
};

struct KnownStart {
  XorState state;               ///< after the second, or the only one
  std::uint64_t held = 0;       ///< bits in which no value so far can be the stale marker's
  std::uint32_t first_end = 0;  ///< where the first ends, in bits

  /// False where the times are not `times`, of which there is one at least, or a value may be a
  /// stale marker.
  bool read(std::string_view data, std::span<const Timestamp> times) {
    XorCursor cursor(data);
    NoRows rows;
    if (cursor.advance(0, 1, rows) != 1 || cursor.state().t != times[0]) return false;
    const DoubleBits first = cursor.state().v;
    if (is_stale(first)) return false;
    first_end = static_cast<std::uint32_t>(cursor.state().at);
    held = first ^ stale_marker;
    if (times.size() > 1) {
      if (cursor.advance(1, 2, rows) != 2 || cursor.state().t != times[1]) return false;
      const XorState& second = cursor.state();
      if (second.width != 64 || second.v != first) hold_off(second);
    }
    state = cursor.state();
    return held != 0;
  }

  /// The same for a chunk of three samples or more, in half the time, of which only what is usual
  /// is taken: false may also be said of what `read` takes. `code` fits.
  bool read_coded(std::string_view data, std::span<const Timestamp> times, const StartCode& code) {
    if (data.size() < longest_coded) return read(data, times);
    const char* at = data.data() + 2;
    if (!begins(at, code.first_code, code.first_bytes)) return false;
    at += code.first_bytes;
    state.v = load(at);
    held = state.v ^ stale_marker;
    if (is_stale(state.v)) return false;
    at += 8;
    first_end = static_cast<std::uint32_t>(at - data.data()) * 8;
    if (!begins(at, code.second_code, code.second_bytes)) return false;
    at += code.second_bytes;
    state.at = static_cast<std::size_t>(at - data.data()) * 8;
    state.t = times[1];
    state.delta = static_cast<std::uint64_t>(times[1]) - static_cast<std::uint64_t>(times[0]);
    return second_value(data.data()) && held != 0;
  }

 private:
  /// Counts and times of a start, its values, and the window between them; and one look more.
  static constexpr std::size_t longest_coded = 2 + 8 + 8 + 8 + 2 + 9;

  static bool begins(const char* at, std::uint64_t code, unsigned bytes) {
    return (load(at) ^ code) >> (64 - 8 * bytes) == 0;
  }

  void hold_off(const XorState& told) {
    held &= ~(~std::uint64_t{0} >> (64 - told.width) << told.trailing);
  }

  /// It stands still, or tells a window.
  bool second_value(const char* data) {
    const std::uint64_t next = look(data, state.at);
    if (next >> 63 == 0) {
      state.at += 1;
      return true;
    }
    const auto leading = static_cast<unsigned>(next << 2 >> 59);
    const auto width = static_cast<unsigned>(next << 7 >> 58);
    if (next >> 62 != 0b11 || width == 0 || leading + width > 64) return false;
    state.width = width;
    state.trailing = 64 - leading - width;
    state.v ^= bits(data, state.at + 13, width) << state.trailing;
    state.at += 13 + width;
    hold_off(state);
    return true;
  }
};

}  // namespace prombraid::chunk
