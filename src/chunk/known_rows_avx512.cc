#if defined(__x86_64__)
#include <cstddef>
#include <cstdint>

#include <immintrin.h>

#define PROMBRAID_ROWS_TARGET __attribute__((target("avx512f,avx512bw,avx512dq")))
#define PROMBRAID_LANES_INLINE PROMBRAID_ROWS_TARGET __attribute__((always_inline)) inline

namespace prombraid::chunk {
namespace {

struct Lanes {
  __m512i x;
};
constexpr std::size_t lane_count = 8;

PROMBRAID_LANES_INLINE Lanes operator+(Lanes a, Lanes b) {
  return {_mm512_add_epi64(a.x, b.x)};
}
PROMBRAID_LANES_INLINE Lanes operator-(Lanes a, Lanes b) {
  return {_mm512_sub_epi64(a.x, b.x)};
}
PROMBRAID_LANES_INLINE Lanes operator&(Lanes a, Lanes b) {
  return {_mm512_and_si512(a.x, b.x)};
}
PROMBRAID_LANES_INLINE Lanes operator|(Lanes a, Lanes b) {
  return {_mm512_or_si512(a.x, b.x)};
}
PROMBRAID_LANES_INLINE Lanes operator^(Lanes a, Lanes b) {
  return {_mm512_xor_si512(a.x, b.x)};
}
PROMBRAID_LANES_INLINE Lanes operator<<(Lanes a, Lanes by) {
  return {_mm512_sllv_epi64(a.x, by.x)};
}
PROMBRAID_LANES_INLINE Lanes operator>>(Lanes a, Lanes by) {
  return {_mm512_srlv_epi64(a.x, by.x)};
}

PROMBRAID_LANES_INLINE Lanes all(std::uint64_t x) {
  return {_mm512_set1_epi64(static_cast<long long>(x))};
}
PROMBRAID_LANES_INLINE Lanes read(const std::uint64_t* from) {
  return {_mm512_loadu_si512(from)};
}
PROMBRAID_LANES_INLINE void put(std::uint64_t* to, Lanes a) {
  _mm512_storeu_si512(to, a.x);
}
using Chosen = __mmask8;
PROMBRAID_LANES_INLINE Chosen top_bit(Lanes a) {
  return _mm512_movepi64_mask(a.x);
}
/// `b` where chosen, else `a`.
PROMBRAID_LANES_INLINE Lanes pick(Lanes a, Lanes b, Chosen by) {
  return {_mm512_mask_blend_epi64(by, a.x, b.x)};
}
/// `a` where chosen, else zero.
PROMBRAID_LANES_INLINE Lanes only(Lanes a, Chosen by) {
  return {_mm512_maskz_mov_epi64(by, a.x)};
}

PROMBRAID_LANES_INLINE Lanes least(Lanes a, Lanes b, Chosen by) {
  return {_mm512_mask_min_epu64(a.x, by, a.x, b.x)};
}
PROMBRAID_LANES_INLINE Lanes most(Lanes a, Lanes b, Chosen by) {
  return {_mm512_mask_max_epu64(a.x, by, a.x, b.x)};
}

PROMBRAID_LANES_INLINE __m128i read_two(__m128i addresses) {
  const auto* low = reinterpret_cast<const __m128i*>(_mm_cvtsi128_si64(addresses));
  const auto* high = reinterpret_cast<const double*>(_mm_extract_epi64(addresses, 1));
  return _mm_castpd_si128(_mm_loadh_pd(_mm_castsi128_pd(_mm_loadl_epi64(low)), high));
}
PROMBRAID_LANES_INLINE __m256i read_four(__m256i addresses) {
  const __m128i low = read_two(_mm256_castsi256_si128(addresses));
  const __m128i high = read_two(_mm256_extracti128_si256(addresses, 1));
  return _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
}

/// The 57 bits or more from each place on. By plain loads: a gather takes longer than all the rest.
PROMBRAID_LANES_INLINE Lanes look(Lanes at) {
  const __m512i byte = _mm512_srli_epi64(at.x, 3);
  const __m256i low = read_four(_mm512_castsi512_si256(byte));
  const __m256i high = read_four(_mm512_extracti64x4_epi64(byte, 1));
  const __m512i words = _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
  const __m512i swap =
      _mm512_broadcast_i32x4(_mm_set_epi64x(0x08090a0b0c0d0e0f, 0x0001020304050607));
  return Lanes{_mm512_shuffle_epi8(words, swap)} << (at & all(7));
}

}  // namespace
}  // namespace prombraid::chunk

#include "chunk/known_rows_walk.h"

namespace prombraid::chunk {

const RowWalker avx512_rows = {"AVX-512", lane_count, walk_rows};

}  // namespace prombraid::chunk
#endif
