/// Where two runs of bytes begin to differ.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace prombraid {

/// The first place where the bytes of both differ, or the length of the shorter: eight at a time.
inline std::size_t first_difference(std::string_view a, std::string_view b) {
  const std::size_t shorter = std::min(a.size(), b.size());
  std::size_t at = 0;
  for (; at + 8 <= shorter; at += 8) {
    std::uint64_t word_a = 0;
    std::uint64_t word_b = 0;
    std::memcpy(&word_a, a.data() + at, 8);
    std::memcpy(&word_b, b.data() + at, 8);
    if (word_a != word_b) break;
  }
  while (at < shorter && a[at] == b[at]) ++at;
  return at;
}

}  // namespace prombraid
