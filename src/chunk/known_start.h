/// The first two samples of an XOR chunk whose times are thought to be known: they are coded in a
/// way of their own.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "chunk/xor_cursor.h"
#include "series/sample.h"

namespace prombraid::chunk {

struct KnownStart {
  XorState state;               ///< after the second, or the only one
  std::uint64_t held = 0;       ///< bits in which no value so far can be the stale marker's
  std::uint32_t first_end = 0;  ///< where the first ends, in bits
  bool window_told = false;     ///< by the second, and not all 64 bits

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
      window_told = second.width != 64;
      if (window_told || second.v != first) {
        held &= ~(~std::uint64_t{0} >> (64 - second.width) << second.trailing);
      }
    }
    state = cursor.state();
    return held != 0;
  }
};

}  // namespace prombraid::chunk
