/// The XOR value code of Gorilla as Prometheus writes it: only the bits that changed.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "chunk/bit_reader.h"
#include "chunk/bit_writer.h"

namespace prombraid::chunk {

/// Which bits of a changed value are written: all but `leading` at the top and `trailing` at the
/// bottom. A reader starts with all of them.
struct XorWindow {
  unsigned leading = 0;
  unsigned trailing = 0;

  unsigned width() const { return 64 - leading - trailing; }
  bool operator==(const XorWindow&) const = default;
};

/// The reading side (xorRead). Every `read` gives the change `diff`, to be xored onto the old
/// value.
class XorReader {
 public:
  /// Any of the three forms. False for a window that does not fit in 64 bits.
  bool read(BitReader& in, std::uint64_t& diff) { return read(in.peek(), in, diff); }

  /// The same where the caller has already peeked: the top 13 bits of `next` are the next of `in`.
  bool read(std::uint64_t next, BitReader& in, std::uint64_t& diff) {
    if (next >> 63 == 0) {
      in.skip(1);
      diff = 0;
      return true;
    }
    in.skip(2);
    if ((next >> 62 & 1) != 0) return read_new(next << 2, in, diff);
    diff = read_same(in);
    return true;
  }

  /// The bits of a change inside the window in use.
  std::uint64_t read_same(BitReader& in) const { return in.read(width_) << trailing_; }

  /// A new window and its bits.
  bool read_new(BitReader& in, std::uint64_t& diff) { return read_new(in.peek(), in, diff); }

  XorWindow window() const { return {64 - width_ - trailing_, trailing_}; }

 private:
  bool read_new(std::uint64_t next, BitReader& in, std::uint64_t& diff) {
    in.skip(11);
    const auto leading = static_cast<unsigned>(next >> 59);
    const auto width = static_cast<unsigned>((((next >> 53) - 1) & 63) + 1);
    if (leading + width > 64) return false;
    width_ = width;
    trailing_ = 64 - leading - width;
    diff = read_same(in);
    return true;
  }

  unsigned width_ = 64;
  unsigned trailing_ = 0;
};

/// The writing side (Prometheus tsdb/chunkenc/xor.go, xorWrite).
class XorWriter {
 public:
  /// Writes the change `diff` (old bits xor new bits): `0` for none, `10` and the bits inside the
  /// window in use where that holds them all, else `11`, a new window and its bits.
  void write(std::uint64_t diff, BitWriter& out) {
    if (diff == 0) {
      out.write(0, 1);
      return;
    }
    // Five bits say how many lead, so more than 31 cannot be left out.
    const auto leading = std::min<unsigned>(std::countl_zero(diff), 31);
    const auto trailing = static_cast<unsigned>(std::countr_zero(diff));
    if (set_ && leading >= window_.leading && trailing >= window_.trailing) {
      out.write(0b10, 2);
      out.write(diff >> window_.trailing, window_.width());
      return;
    }
    write_window({leading, trailing}, diff, out);
  }

  /// The `11` form with this window, whether it is the best or not; `diff` must lie inside it.
  void write_window(XorWindow window, std::uint64_t diff, BitWriter& out) {
    set_ = true;
    window_ = window;
    // 64 does not fit in six bits and is written as 0, which no change can need.
    out.write(0b11u << 11 | window.leading << 6 | (window.width() & 63), 13);
    out.write(diff >> window.trailing, window.width());
  }

 private:
  bool set_ = false;
  XorWindow window_;
};

}  // namespace prombraid::chunk
