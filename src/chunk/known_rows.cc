#include "chunk/known_rows.h"

#include <vector>

namespace prombraid::chunk {

std::uint64_t row_window(unsigned width, unsigned trailing) {
  return (std::uint64_t{0b11} << 11 | (64 - width - trailing) << 6 | (width & 63)) << 51;
}

unsigned width_of(std::uint64_t window) {
  return ((static_cast<unsigned>(window >> 51) - 1) & 63) + 1;
}

unsigned trailing_of(std::uint64_t window) {
  return (64 - static_cast<unsigned>(window >> 57 & 31) - width_of(window)) & 63;
}

std::span<const RowWalker> row_walkers() {
  static const std::vector<RowWalker> walkers = [] {
    std::vector<RowWalker> can;
#if defined(__x86_64__)
    const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512dq");
    if (wide) can.push_back(avx512_rows);
    if (__builtin_cpu_supports("avx2")) can.push_back(avx2_rows);
#endif
    return can;
  }();
  return walkers;
}

}  // namespace prombraid::chunk
