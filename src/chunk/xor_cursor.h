/// A walk over the samples of an XOR chunk, for decoding and for finding where to cut.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "chunk/bit_reader.h"
#include "chunk/varbit.h"
#include "chunk/xor_window.h"
#include "series/sample.h"

namespace prombraid::chunk {

/// Encoding 1 (Prometheus tsdb/chunkenc/xor.go). All members are the state after the last sample
/// read. Time steps wrap at 64 bits, as in Go.
struct XorCursor {
  /// `data`: the whole chunk, with its count of two bytes.
  explicit XorCursor(std::string_view data) : in(data.substr(2)) {}

  BitReader in;  ///< behind the count
  Timestamp t = 0;
  DoubleBits v = 0;
  std::uint64_t delta = 0;
  XorReader value;

  /// Each reads one sample, in this order; false where it is not to be read. What `in` lacked was
  /// read as zero: ask `in.ok()` as well.
  bool first() {
    if (!read_varint(in, t)) return false;
    v = in.read(64);
    return true;
  }
  bool second() {
    if (!read_uvarint(in, delta)) return false;
    t = plus(t, delta);
    return read_value();
  }
  bool next() { return next(in.peek()); }

  /// The same where the caller has already peeked.
  bool next(std::uint64_t bits) {
    const unsigned used = read_step_change(bits);
    t = plus(t, delta);
    // 24 bits of time and 13 of value head fit in what was peeked; not so the long form.
    std::uint64_t diff = 0;
    if (!value.read(used == 0 ? in.peek() : bits << used, in, diff)) return false;
    v ^= diff;
    return true;
  }

  /// Sample `i`, after all before it. False also where the data ended.
  bool read(std::size_t i) {
    const bool valid = i == 0 ? first() : i == 1 ? second() : next();
    return valid && in.ok();
  }

  /// The unchanged samples in sight, `most` at most: the same step and the same value is two zero
  /// bits. `bits` are peeked. Idle series are made of these.
  static std::size_t unchanged(std::uint64_t bits, std::size_t most) {
    return std::min<std::size_t>(static_cast<unsigned>(std::countl_zero(bits)) / 2, most);
  }

  /// Samples `from` to before `to`, kept only in the state. Returns the first that could not be
  /// read, or `to`.
  std::size_t advance(std::size_t from, std::size_t to) {
    std::size_t i = from;
    for (; i < std::min<std::size_t>(to, 2); ++i) {
      if (!read(i)) return i;
    }
    while (i < to) {
      const std::uint64_t bits = in.peek();
      const std::size_t run = unchanged(bits, to - i);
      if (run == 0 && !next(bits)) return i;
      in.skip(2 * run);
      t = plus(t, delta * run);
      if (!in.ok()) return i;
      i += run == 0 ? 1 : run;
    }
    return i;
  }

  static Timestamp plus(Timestamp t, std::uint64_t delta) {
    return static_cast<Timestamp>(static_cast<std::uint64_t>(t) + delta);
  }

 private:
  bool read_value() {
    std::uint64_t diff = 0;
    if (!value.read(in, diff)) return false;
    v ^= diff;
    return true;
  }

  /// The change of the time step: `0`, or `10`, `110`, `1110` and 14, 17, 20 bits, or `1111` and
  /// all 64. Returns how many of the peeked bits it was, 0 for the last form.
  unsigned read_step_change(std::uint64_t bits) {
    if (bits >> 63 == 0) {
      in.skip(1);
      return 1;
    }
    if (bits >> 62 == 0b10) return add_change(bits, 2, 14);
    if (bits >> 61 == 0b110) return add_change(bits, 3, 17);
    if (bits >> 60 == 0b1110) return add_change(bits, 4, 20);
    in.skip(4);
    delta += in.read(64);
    return 0;
  }
  unsigned add_change(std::uint64_t bits, unsigned prefix, unsigned width) {
    in.skip(prefix + width);
    delta += static_cast<std::uint64_t>(from_biased(bits << prefix >> (64 - width), width));
    return prefix + width;
  }
};

}  // namespace prombraid::chunk
