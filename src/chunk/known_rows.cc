#include "chunk/known_rows.h"

#include <algorithm>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace prombraid::chunk {

std::uint64_t row_window(unsigned width, unsigned trailing) {
  return (std::uint64_t{0b11} << 11 | (64 - width - trailing) << 6 | (width & 63)) << 51;
}

#if defined(__x86_64__)

#define PROMBRAID_ROWS_TARGET __attribute__((target("avx2")))

namespace {

using Vector = __m256i;

PROMBRAID_ROWS_TARGET inline Vector all(std::uint64_t x) {
  return _mm256_set1_epi64x(static_cast<long long>(x));
}
PROMBRAID_ROWS_TARGET inline Vector read(const std::uint64_t* from) {
  return _mm256_loadu_si256(reinterpret_cast<const Vector*>(from));
}
PROMBRAID_ROWS_TARGET inline void put(std::uint64_t* to, Vector x) {
  _mm256_storeu_si256(reinterpret_cast<Vector*>(to), x);
}

/// `b` where the top bit of `by` is set, else `a`.
PROMBRAID_ROWS_TARGET inline Vector pick(Vector a, Vector b, Vector by) {
  return _mm256_castpd_si256(
      _mm256_blendv_pd(_mm256_castsi256_pd(a), _mm256_castsi256_pd(b), _mm256_castsi256_pd(by)));
}

PROMBRAID_ROWS_TARGET inline __m128i read_two(long long first, long long second) {
  const auto low = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(first));
  const auto* high = reinterpret_cast<const double*>(second);
  return _mm_castpd_si128(_mm_loadh_pd(_mm_castsi128_pd(low), high));
}

/// The 57 bits or more from each place on. By four plain loads: a gather takes ten times as long.
PROMBRAID_ROWS_TARGET inline Vector look(Vector at) {
  const Vector byte = _mm256_srli_epi64(at, 3);
  const __m128i low = _mm256_castsi256_si128(byte);
  const __m128i high = _mm256_extracti128_si256(byte, 1);
  const __m128i first = read_two(_mm_cvtsi128_si64(low), _mm_extract_epi64(low, 1));
  const __m128i second = read_two(_mm_cvtsi128_si64(high), _mm_extract_epi64(high, 1));
  const Vector words = _mm256_inserti128_si256(_mm256_castsi128_si256(first), second, 1);
  const Vector swap = _mm256_set_epi64x(0x08090a0b0c0d0e0f, 0x0001020304050607, 0x08090a0b0c0d0e0f,
                                        0x0001020304050607);
  return _mm256_sllv_epi64(_mm256_shuffle_epi8(words, swap), _mm256_and_si256(at, all(7)));
}

/// What is collected over all samples.
struct Collected {
  Vector different;  ///< not zero where a code was another
  Vector furthest;   ///< the most of leading + width
  Vector leading;    ///< the least, with the two ones before it
  Vector width;      ///< the least; 0 stands for 64 and is not walked here
};

constexpr std::uint64_t ones_before = 0b11 << 5;

/// One sample of four rows, without a turn: of a wrong guess the processor would lose more than
/// all this takes.
PROMBRAID_ROWS_TARGET __attribute__((always_inline)) inline void step(Vector& at, Vector& window,
                                                                      Vector code,
                                                                      Collected& seen) {
  const Vector next = look(at);
  const Vector rest = _mm256_and_si256(code, all(127));
  const Vector length = _mm256_and_si256(_mm256_srli_epi64(code, 8), all(127));
  const Vector difference = _mm256_srlv_epi64(_mm256_xor_si256(next, code), rest);
  seen.different = _mm256_or_si256(seen.different, difference);
  const Vector value = _mm256_sllv_epi64(next, length);
  const Vector told = _mm256_and_si256(value, _mm256_add_epi64(value, value));  // `11`
  window = pick(window, value, told);
  const Vector width = _mm256_and_si256(_mm256_srli_epi64(window, 51), all(63));
  const Vector changed = _mm256_add_epi64(width, pick(all(2), all(13), told));
  at = _mm256_add_epi64(_mm256_add_epi64(at, length), pick(all(1), changed, value));
  const Vector leading = _mm256_srli_epi64(window, 57);
  seen.leading = _mm256_min_epu32(seen.leading, leading);
  seen.width = _mm256_min_epu32(seen.width, width);
  seen.furthest = _mm256_max_epu32(seen.furthest, _mm256_add_epi64(leading, width));
}

PROMBRAID_ROWS_TARGET RowsSeen judge(const Collected& seen) {
  std::uint64_t leading[rows_in_vector], width[rows_in_vector], furthest[rows_in_vector];
  put(leading, seen.leading);
  put(width, seen.width);
  put(furthest, seen.furthest);
  const bool as_told = _mm256_testz_si256(seen.different, seen.different) != 0;
  const bool fits = *std::min_element(width, width + rows_in_vector) > 0 &&
                    *std::max_element(furthest, furthest + rows_in_vector) <= ones_before + 64;
  const std::uint64_t least = *std::min_element(leading, leading + rows_in_vector);
  return {as_told && fits, static_cast<unsigned>(least - ones_before)};
}

template <std::size_t vectors>
PROMBRAID_ROWS_TARGET RowsSeen walk(const RowPlaces& places, const RowCode* codes,
                                    std::size_t steps, std::uint64_t* ends) {
  Vector at[vectors];
  Vector window[vectors];
  Collected seen{all(0), all(0), all(ones_before + 31), all(63)};
  for (std::size_t v = 0; v < vectors; ++v) {
    at[v] = read(places.at + v * rows_in_vector);
    window[v] = read(places.window + v * rows_in_vector);
  }
  for (std::size_t i = 0; i < steps; ++i) {
#pragma unroll
    for (std::size_t v = 0; v < vectors; ++v) {
      const std::size_t first = (i * vectors + v) * rows_in_vector;
      step(at[v], window[v], read(codes + first), seen);
      put(ends + first, at[v]);
    }
  }
  return judge(seen);
}

}  // namespace

bool can_walk_rows() {
  static const bool can = __builtin_cpu_supports("avx2") != 0;
  return can;
}

RowsSeen walk_rows(std::size_t vectors, const RowPlaces& places, const RowCode* codes,
                   std::size_t steps, std::uint64_t* ends) {
  if (vectors == 2) return walk<2>(places, codes, steps, ends);
  if (vectors == 3) return walk<3>(places, codes, steps, ends);
  return walk<4>(places, codes, steps, ends);
}

#else

bool can_walk_rows() {
  return false;
}

RowsSeen walk_rows(std::size_t, const RowPlaces&, const RowCode*, std::size_t, std::uint64_t*) {
  return {};
}

#endif

}  // namespace prombraid::chunk
