/// The loop over the samples of an XOR chunk: where a read spends its time.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "chunk/look.h"
#include "chunk/varbit.h"
#include "chunk/xor_window.h"
#include "series/sample.h"

namespace prombraid::chunk {

/// Where a walk is. All of it is held by value while the loop runs, so that it lives in registers:
/// through memory each field would wait for the one before it, four times as long.
struct XorState {
  std::size_t at = 0;  ///< in bits from the start of the chunk
  Timestamp t = 0;
  std::uint64_t delta = 0;
  DoubleBits v = 0;
  unsigned width = 64;  ///< of the window in use
  unsigned trailing = 0;

  /// The next sample comes one step later. Time steps wrap at 64 bits, as in Go.
  void step() { t = static_cast<Timestamp>(static_cast<std::uint64_t>(t) + delta); }
};

/// What is done with the samples that a walk comes by. A class of this shape, known to the
/// compiler:
///
///     static constexpr bool wants_values;           // else `v` is not kept up, which is cheaper
///     void put(std::size_t i, Timestamp t, DoubleBits v, std::size_t end);  // in bits
///     void step(std::uint64_t delta);               // whenever a step is told anew
///     bool window(unsigned width, unsigned trailing);  // likewise; false ends the walk there
///
/// This one wants nothing but the state at the end.
struct NoRows {
  static constexpr bool wants_values = true;
  void put(std::size_t, Timestamp, DoubleBits, std::size_t) {}
  void step(std::uint64_t) {}
  bool window(unsigned, unsigned) { return true; }
};

/// The third sample of a chunk and all that follow (Prometheus tsdb/chunkenc/xor.go).
template <class Rows>
class XorWalk {
 public:
  XorWalk(std::string_view chunk, Rows rows) : chunk_(chunk), rows_(rows) {}

  /// Reads the samples `from` to before `to` and takes `state` along. Gives the first that could
  /// not be read, or `to`. Where the data ended, `state.at` is then beyond it; else a field was not
  /// valid or the rows ended it.
  std::size_t run(XorState& state, std::size_t from, std::size_t to) {
    const std::size_t end = chunk_.size() * 8;
    std::size_t i = from;
    if (chunk_.size() > margin) {
      const std::size_t stop = (chunk_.size() - margin) * 8;
      i = stretch(chunk_.data(), stop, state, i, to);
    }
    if (i < to && !ended_ && state.at < end) i = tail(state, i, to);
    if (state.at > end) return std::min(i, to) - 1;
    if (i < to && !ended_) state.at = end + 1;
    return i;
  }

  Rows& rows() { return rows_; }

 private:
  /// No look at a sample reaches further than this behind its first bit: 68 bits of time step, 13
  /// of window and the nine bytes that hold 64 bits of value, wherever they begin.
  static constexpr std::size_t margin = 24;

  /// The last bytes, from a copy with zeros behind it: so the loop has no end of data to look for.
  std::size_t tail(XorState& state, std::size_t i, std::size_t to) {
    char copy[3 * margin] = {};
    const std::size_t first = state.at >> 3;
    const std::string_view left = chunk_.substr(first);
    std::memcpy(copy, left.data(), left.size());
    begin_ = first * 8;
    state.at -= begin_;
    i = stretch(copy, left.size() * 8, state, i, to);
    state.at += begin_;
    return i;
  }

  /// Samples that begin before `stop`.
  std::size_t stretch(const char* data, std::size_t stop, XorState& state, std::size_t i,
                      std::size_t to) {
    XorState now = state;
    Rows rows = rows_;
    const std::size_t begin = begin_;
    std::uint64_t usual = usual_form(now);
    while (i < to && now.at < stop) {
      const std::uint64_t next = look(data, now.at);
      if (next >> 61 == usual) [[likely]] {
        if constexpr (Rows::wants_values) now.v ^= change(data, now.at + 3, next << 3, now);
        now.at += 3 + now.width;
        now.step();
        rows.put(i++, now.t, now.v, begin + now.at);
      } else if (next >> 62 == 0) {
        i = still(next, stop, now, i, to, rows, begin);
      } else {
        if (!other(data, next, now, rows)) {
          ended_ = true;
          break;
        }
        usual = usual_form(now);
        now.step();
        rows.put(i++, now.t, now.v, begin + now.at);
      }
    }
    state = now;
    rows_ = rows;
    return i;
  }

  /// The first bits of most samples of most series: the same step, a value that changed inside the
  /// window. None while the window may be the one that every reader begins with: that `rows` must
  /// hear of.
  static std::uint64_t usual_form(const XorState& now) { return now.width == 64 ? 0b1000 : 0b010; }

  /// A value's changed bits, which begin at `at`; `known` are the first 54 of them.
  [[gnu::always_inline]] static std::uint64_t change(const char* data, std::size_t at,
                                                     std::uint64_t known, const XorState& now) {
    const std::uint64_t field =
        now.width <= 54 ? known >> (64 - now.width) : bits(data, at, now.width);
    return field << now.trailing;
  }

  /// The unchanged samples in sight: the same step and the same value is two zero bits. Idle series
  /// are made of these.
  [[gnu::always_inline]] static std::size_t still(std::uint64_t next, std::size_t stop,
                                                  XorState& now, std::size_t i, std::size_t to,
                                                  Rows& rows, std::size_t begin) {
    std::size_t run = std::min<unsigned>(static_cast<unsigned>(std::countl_zero(next)) / 2, 28);
    run = std::min({run, to - i, (stop - now.at + 1) / 2});
    for (const std::size_t end = i + run; i < end; ++i) {
      now.at += 2;
      now.step();
      rows.put(i, now.t, now.v, begin + now.at);
    }
    return i;
  }

  /// A sample of any form, up to but without the step.
  [[gnu::always_inline]] static bool other(const char* data, std::uint64_t next, XorState& now,
                                           Rows& rows) {
    const unsigned used = read_step(data, next, now, rows);
    now.at += used;
    // 24 bits of time step and 13 of window fit in what was looked at; not so the long form.
    next = used > 24 ? look(data, now.at) : next << used;
    if (next >> 63 == 0) {
      now.at += 1;
      return true;
    }
    now.at += 2;
    if ((next >> 62 & 1) != 0) {
      const auto leading = static_cast<unsigned>(next << 2 >> 59);
      now.width = static_cast<unsigned>(((next << 7 >> 58) - 1) & 63) + 1;
      now.at += 11;
      if (leading + now.width > 64) return false;
      now.trailing = 64 - leading - now.width;
      if (!rows.window(now.width, now.trailing)) return false;
    } else if (now.width == 64 && !rows.window(64, 0)) {
      return false;
    }
    if constexpr (Rows::wants_values) now.v ^= bits(data, now.at, now.width) << now.trailing;
    now.at += now.width;
    return true;
  }

  /// The change of the time step: `0`, or `10`, `110`, `1110` and 14, 17, 20 bits, or `1111` and
  /// all 64. Returns how many bits it was.
  [[gnu::always_inline]] static unsigned read_step(const char* data, std::uint64_t next,
                                                   XorState& now, Rows& rows) {
    if (next >> 63 == 0) return 1;
    const auto ones = std::min(static_cast<unsigned>(std::countl_one(next)), 4u);
    unsigned used = 68;
    if (ones == 4) {
      now.delta += bits(data, now.at + 4, 64);
    } else {
      const unsigned width = 11 + 3 * ones;
      used = ones + 1 + width;
      now.delta +=
          static_cast<std::uint64_t>(from_biased(next << (ones + 1) >> (64 - width), width));
    }
    rows.step(now.delta);
    return used;
  }

  std::string_view chunk_;
  Rows rows_;
  std::size_t begin_ = 0;  ///< where in the chunk the stretch begins, in bits
  bool ended_ = false;
};

}  // namespace prombraid::chunk
