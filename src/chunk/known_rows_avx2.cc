#if defined(__x86_64__)
#include <cstddef>
#include <cstdint>

#include <immintrin.h>

#define PROMBRAID_ROWS_TARGET __attribute__((target("avx2")))
#define PROMBRAID_LANES_INLINE PROMBRAID_ROWS_TARGET __attribute__((always_inline)) inline

namespace prombraid::chunk {
namespace {

struct Lanes {
  __m256i x;
};
constexpr std::size_t lane_count = 4;

PROMBRAID_LANES_INLINE Lanes operator+(Lanes a, Lanes b) {
  return {_mm256_add_epi64(a.x, b.x)};
}
PROMBRAID_LANES_INLINE Lanes operator-(Lanes a, Lanes b) {
  return {_mm256_sub_epi64(a.x, b.x)};
}
PROMBRAID_LANES_INLINE Lanes operator&(Lanes a, Lanes b) {
  return {_mm256_and_si256(a.x, b.x)};
}
PROMBRAID_LANES_INLINE Lanes operator|(Lanes a, Lanes b) {
  return {_mm256_or_si256(a.x, b.x)};
}
PROMBRAID_LANES_INLINE Lanes operator^(Lanes a, Lanes b) {
  return {_mm256_xor_si256(a.x, b.x)};
}
PROMBRAID_LANES_INLINE Lanes operator<<(Lanes a, Lanes by) {
  return {_mm256_sllv_epi64(a.x, by.x)};
}
PROMBRAID_LANES_INLINE Lanes operator>>(Lanes a, Lanes by) {
  return {_mm256_srlv_epi64(a.x, by.x)};
}

PROMBRAID_LANES_INLINE Lanes all(std::uint64_t x) {
  return {_mm256_set1_epi64x(static_cast<long long>(x))};
}
PROMBRAID_LANES_INLINE Lanes read(const std::uint64_t* from) {
  return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from))};
}
PROMBRAID_LANES_INLINE void put(std::uint64_t* to, Lanes a) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), a.x);
}
/// By the top bit of each lane.
struct Chosen {
  __m256i x;
};
PROMBRAID_LANES_INLINE Chosen top_bit(Lanes a) {
  return {a.x};
}
/// `b` where chosen, else `a`.
PROMBRAID_LANES_INLINE Lanes pick(Lanes a, Lanes b, Chosen by) {
  return {_mm256_castpd_si256(_mm256_blendv_pd(_mm256_castsi256_pd(a.x), _mm256_castsi256_pd(b.x),
                                               _mm256_castsi256_pd(by.x)))};
}
/// `a` where chosen, else zero.
PROMBRAID_LANES_INLINE Lanes only(Lanes a, Chosen by) {
  return pick(all(0), a, by);
}

/// `b` counts where chosen. Of numbers below 2^32.
PROMBRAID_LANES_INLINE Lanes least(Lanes a, Lanes b, Chosen by) {
  return {_mm256_min_epu32(a.x, pick(a, b, by).x)};
}
PROMBRAID_LANES_INLINE Lanes most(Lanes a, Lanes b, Chosen by) {
  return {_mm256_max_epu32(a.x, pick(a, b, by).x)};
}

PROMBRAID_LANES_INLINE __m128i read_two(__m128i addresses) {
  const auto* low = reinterpret_cast<const __m128i*>(_mm_cvtsi128_si64(addresses));
  const auto* high = reinterpret_cast<const double*>(_mm_extract_epi64(addresses, 1));
  return _mm_castpd_si128(_mm_loadh_pd(_mm_castsi128_pd(_mm_loadl_epi64(low)), high));
}

/// The 57 bits or more from each place on. By plain loads: a gather takes ten times as long.
PROMBRAID_LANES_INLINE Lanes look(Lanes at) {
  const __m256i byte = _mm256_srli_epi64(at.x, 3);
  const __m128i low = read_two(_mm256_castsi256_si128(byte));
  const __m128i high = read_two(_mm256_extracti128_si256(byte, 1));
  const __m256i words = _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
  const __m256i swap = _mm256_set_epi64x(0x08090a0b0c0d0e0f, 0x0001020304050607, 0x08090a0b0c0d0e0f,
                                         0x0001020304050607);
  return Lanes{_mm256_shuffle_epi8(words, swap)} << (at & all(7));
}

}  // namespace
}  // namespace prombraid::chunk

#include "chunk/known_rows_walk.h"

namespace prombraid::chunk {

const RowWalker avx2_rows = {"AVX2", lane_count, walk_rows};

}  // namespace prombraid::chunk
#endif
