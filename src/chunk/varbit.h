/// The integer codes inside chunks: bit-wise (Prometheus tsdb/chunkenc/varbit.go) and byte-wise
/// (Go's encoding/binary varints, at any bit position).
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "chunk/bit_reader.h"
#include "chunk/bit_writer.h"

namespace prombraid::chunk {

/// An `n`-bit field holds the numbers from -(2^(n-1) - 1) to 2^(n-1): not two's complement, the top
/// pattern is the positive one.
inline std::int64_t from_biased(std::uint64_t field, unsigned n) {
  const std::uint64_t half = std::uint64_t{1} << (n - 1);
  return static_cast<std::int64_t>(field > half ? field - half - half : field);
}

inline bool fits_biased(std::int64_t x, unsigned n) {
  const std::int64_t half = std::int64_t{1} << (n - 1);
  return -half < x && x <= half;
}

inline std::uint64_t low_bits(std::uint64_t x, unsigned n) {
  return n == 64 ? x : x & ((std::uint64_t{1} << n) - 1);
}

/// A varbit number is a row of `ones` ones, a zero (but not after eight) and this many bits.
inline constexpr unsigned varbit_widths[] = {0, 3, 6, 9, 12, 18, 25, 56, 64};

struct VarbitField {
  std::uint64_t bits;
  unsigned width;
};

inline VarbitField read_varbit_field(BitReader& in) {
  const std::uint64_t window = in.peek();
  const auto ones = std::min<unsigned>(std::countl_one(window), 8);
  const unsigned width = varbit_widths[ones];
  if (ones == 8) {
    in.skip(8);
    return {in.read(64), 64};
  }
  in.skip(ones + 1 + width);
  return {width == 0 ? 0 : window << (ones + 1) >> (64 - width), width};
}

inline std::int64_t read_varbit_int(BitReader& in) {
  const VarbitField field = read_varbit_field(in);
  return field.width == 0 ? 0 : from_biased(field.bits, field.width);
}

inline std::uint64_t read_varbit_uint(BitReader& in) {
  return read_varbit_field(in).bits;
}

/// Passes over `n` numbers, all that one look shows at once.
inline void skip_varbits(BitReader& in, std::size_t n) {
  while (n > 0) {
    std::uint64_t window = in.peek();
    unsigned used = 0;
    // Nine bits tell how long a number is.
    for (; n > 0 && used <= 64 - 9; --n) {
      const auto ones = static_cast<unsigned>(std::countl_one(window));
      if (ones >= 7) {
        used += ones == 7 ? 64 : 72;
        --n;
        break;
      }
      const unsigned length = ones + 1 + varbit_widths[ones];
      window <<= length;
      used += length;
    }
    in.skip(used);
  }
}

inline void write_varbit_field(std::uint64_t bits, unsigned ones, BitWriter& out) {
  const unsigned width = varbit_widths[ones];
  if (ones == 8) {
    out.write(0xff, 8);
  } else {
    out.write((std::uint64_t{1} << (ones + 1)) - 2, ones + 1);
  }
  out.write(low_bits(bits, width), width);
}

inline void write_varbit_int(std::int64_t x, BitWriter& out) {
  unsigned ones = x == 0 ? 0 : 1;
  while (ones != 0 && ones < 8 && !fits_biased(x, varbit_widths[ones])) ++ones;
  write_varbit_field(static_cast<std::uint64_t>(x), ones, out);
}

inline void write_varbit_uint(std::uint64_t x, BitWriter& out) {
  unsigned ones = x == 0 ? 0 : 1;
  while (ones != 0 && ones < 8 && x >> varbit_widths[ones] != 0) ++ones;
  write_varbit_field(x, ones, out);
}

/// False for a number of more than 64 bits.
inline bool read_uvarint(BitReader& in, std::uint64_t& out) {
  out = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::uint64_t byte = in.read(8);
    if (shift == 63 && byte > 1) return false;
    out |= (byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

/// Zigzag.
inline bool read_varint(BitReader& in, std::int64_t& out) {
  std::uint64_t u = 0;
  if (!read_uvarint(in, u)) return false;
  out = static_cast<std::int64_t>(u >> 1 ^ (0 - (u & 1)));
  return true;
}

inline void write_uvarint(std::uint64_t x, BitWriter& out) {
  for (; x >= 0x80; x >>= 7) out.write((x & 0x7f) | 0x80, 8);
  out.write(x, 8);
}

inline void write_varint(std::int64_t x, BitWriter& out) {
  write_uvarint(static_cast<std::uint64_t>(x) << 1 ^ static_cast<std::uint64_t>(x >> 63), out);
}

}  // namespace prombraid::chunk
