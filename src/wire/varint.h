/// Base-128 integers, as Protobuf, snappy and the frames of remote_read write them: seven bits a
/// byte, the lowest first, the top bit set on all but the last byte.
#pragma once

#include <cstddef>
#include <cstdint>

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

/// Reads one integer from [from, end) into `value`. Gives the byte after it, or nullptr where the
/// bytes end too early or the integer does not fit 64 bits.
inline const char* get_varint(const char* from, const char* end, std::uint64_t& value) {
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

/// Zigzag, by which Protobuf's sint32 and sint64 keep small negative numbers short.
inline constexpr std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
inline constexpr std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1) ^ (0 - (value & 1)));
}

}  // namespace prombraid::wire
