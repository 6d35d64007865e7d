/// Bits of a chunk by plain loads: the caller knows that the bytes are there.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace prombraid::chunk {

static_assert(std::endian::native == std::endian::little);

/// The eight bytes at `from`, the first on top.
inline std::uint64_t load(const char* from) {
  std::uint64_t word = 0;
  std::memcpy(&word, from, sizeof word);
  return __builtin_bswap64(word);
}

/// The bits from `at` on, 57 of them at least. Reads eight bytes.
inline std::uint64_t look(const char* data, std::size_t at) {
  return load(data + (at >> 3)) << (at & 7);
}

/// The `n` bits from `at` on, 1 <= n <= 64. Reads nine bytes.
inline std::uint64_t bits(const char* data, std::size_t at, unsigned n) {
  const std::uint64_t last = static_cast<std::uint8_t>(data[(at >> 3) + 8]);
  return (look(data, at) | last >> (8 - (at & 7))) >> (64 - n);
}

}  // namespace prombraid::chunk
