/// Base-128 integers, as Protobuf, snappy and the frames of remote_read write them: seven bits a
/// byte, the lowest first, the top bit set on all but the last byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace prombraid::wire {

inline constexpr std::size_t max_varint_bytes = 10;

/// The bytes that `value` takes: 1 to 10.
inline constexpr std::size_t varint_size(std::uint64_t value) {
  // Seven bits a byte without a division: (bits * 9 + 64) / 64 is right for 0 to 64 bits.
  return (static_cast<std::size_t>(64 - __builtin_clzll(value | 1)) * 9 + 64) / 64;
}

/// Writes `value` at `to`, which has room for varint_size(value) bytes; gives the end.
inline char* put_varint(char* to, std::uint64_t value) {
  while (value >= 0x80) {
    *to++ = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  *to++ = static_cast<char>(value);
  return to;
}

/// As get_varint, byte by byte, for what stands at the end of the bytes or is long.
inline const char* get_varint_slowly(const char* from, const char* end, std::uint64_t& value) {
  std::uint64_t sum = 0;
  for (unsigned shift = 0; shift < 64 && from != end; shift += 7) {
    const auto byte = static_cast<unsigned char>(*from++);
    if (shift == 63 && byte > 1) return nullptr;
    sum |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) {
      value = sum;
      return from;
    }
  }
  return nullptr;
}

/// Reads one integer from [from, end) into `value`. Gives the byte after it, or nullptr where the
/// bytes end too early or the integer does not fit 64 bits.
inline const char* get_varint(const char* from, const char* end, std::uint64_t& value) {
  constexpr std::uint64_t tops = 0x8080808080808080;
  std::uint64_t word = 0;
  if (end - from < 8) return get_varint_slowly(from, end, value);
  std::memcpy(&word, from, sizeof word);  // little-endian, as all machines this is built for
  const std::uint64_t last = ~word & tops;
  if (last == 0) return get_varint_slowly(from, end, value);
  // A timestamp takes six bytes: the groups of seven bits are drawn together, two, four and eight
  // at a time.
  word &= (last ^ (last - 1)) & ~tops;
  word = (word & 0x007f007f007f007f) | (word & 0x7f007f007f007f00) >> 1;
  word = (word & 0x00003fff00003fff) | (word & 0x3fff00003fff0000) >> 2;
  value = (word & 0x000000000fffffff) | (word & 0x0fffffff00000000) >> 4;
  return from + static_cast<unsigned>(__builtin_ctzll(last)) / 8 + 1;
}

/// Zigzag, by which Protobuf's sint32 and sint64 keep small negative numbers short.
inline constexpr std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
inline constexpr std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1) ^ (0 - (value & 1)));
}

}  // namespace prombraid::wire
