#include "chunk/known_rows.h"

#include <algorithm>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace prombraid::chunk {

std::uint64_t row_window(unsigned width, unsigned trailing) {
  return (std::uint64_t{0b11} << 11 | (64 - width - trailing) << 6 | (width & 63)) << 51;
}

unsigned width_of(std::uint64_t window) {
  return static_cast<unsigned>(window >> 51 & 63);
}

unsigned trailing_of(std::uint64_t window) {
  return (64 - static_cast<unsigned>(window >> 57 & 31) - width_of(window)) & 63;
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
  Vector longest;    ///< the most bits that a changed value ended behind the sample's first
  Vector leading;    ///< the least, with the two ones before it
  Vector width;      ///< the least; 0 stands for 64 and is not walked here
};

constexpr std::uint64_t ones_before = 0b11 << 5;

/// What is left of the 64 bits of a look that begins anywhere in a byte.
constexpr std::uint64_t one_look = 57;

/// Where the four rows of one vector are.
struct Rows {
  Vector at;
  Vector window;
  Vector value;  ///< all changes since the walk began
};

/// The changed bits of values, of which `rest` are the first, at their places.
PROMBRAID_ROWS_TARGET __attribute__((always_inline)) inline Vector change(Vector rest, Vector width,
                                                                          Vector leading) {
  const Vector trailing = _mm256_sub_epi64(all(64 + ones_before), _mm256_add_epi64(leading, width));
  return _mm256_sllv_epi64(_mm256_srlv_epi64(rest, _mm256_sub_epi64(all(64), width)), trailing);
}

/// One sample of four rows, without a turn: of a wrong guess the processor would lose more than
/// all this takes.
template <bool with_values>
PROMBRAID_ROWS_TARGET __attribute__((always_inline)) inline void step(Rows& rows, Vector code,
                                                                      Collected& seen) {
  const Vector next = look(rows.at);
  const Vector rest = _mm256_and_si256(code, all(127));
  const Vector length = _mm256_and_si256(_mm256_srli_epi64(code, 8), all(127));
  const Vector difference = _mm256_srlv_epi64(_mm256_xor_si256(next, code), rest);
  seen.different = _mm256_or_si256(seen.different, difference);
  const Vector value = _mm256_sllv_epi64(next, length);
  const Vector told = _mm256_and_si256(value, _mm256_add_epi64(value, value));  // `11`
  rows.window = pick(rows.window, value, told);
  const Vector width = _mm256_and_si256(_mm256_srli_epi64(rows.window, 51), all(63));
  const Vector leading = _mm256_srli_epi64(rows.window, 57);
  const Vector head = pick(all(2), all(13), told);
  const Vector taken = pick(all(1), _mm256_add_epi64(width, head), value);
  if constexpr (with_values) {
    const Vector changed = change(_mm256_sllv_epi64(value, head), width, leading);
    rows.value = _mm256_xor_si256(rows.value, pick(all(0), changed, value));
    const Vector bits = pick(all(0), _mm256_add_epi64(length, taken), value);
    seen.longest = _mm256_max_epu32(seen.longest, bits);
  }
  rows.at = _mm256_add_epi64(_mm256_add_epi64(rows.at, length), taken);
  seen.leading = _mm256_min_epu32(seen.leading, leading);
  seen.width = _mm256_min_epu32(seen.width, width);
  seen.furthest = _mm256_max_epu32(seen.furthest, _mm256_add_epi64(leading, width));
}

PROMBRAID_ROWS_TARGET std::uint64_t least_of(Vector x) {
  std::uint64_t each[rows_in_vector];
  put(each, x);
  return *std::min_element(each, each + rows_in_vector);
}
PROMBRAID_ROWS_TARGET std::uint64_t most_of(Vector x) {
  std::uint64_t each[rows_in_vector];
  put(each, x);
  return *std::max_element(each, each + rows_in_vector);
}

PROMBRAID_ROWS_TARGET RowsSeen judge(const Collected& seen) {
  const bool as_told = _mm256_testz_si256(seen.different, seen.different) != 0;
  const bool fits = least_of(seen.width) > 0 && most_of(seen.furthest) <= ones_before + 64;
  return {as_told && fits, static_cast<unsigned>(least_of(seen.leading) - ones_before),
          most_of(seen.longest) <= one_look};
}

/// The steps from `from` to before `to` of the first so many vectors.
template <std::size_t vectors, bool with_values>
PROMBRAID_ROWS_TARGET RowsSeen walk(const RowsWalk& walk, RowPlaces& places, std::size_t from,
                                    std::size_t to) {
  Rows rows[vectors];
  Collected seen{all(0), all(0), all(0), all(ones_before + 31), all(63)};
  for (std::size_t v = 0; v < vectors; ++v) {
    const std::size_t first = v * rows_in_vector;
    rows[v] = {read(places.at + first), read(places.window + first), read(places.value + first)};
  }
  for (std::size_t i = from; i < to; ++i) {
#pragma unroll
    for (std::size_t v = 0; v < vectors; ++v) {
      const std::size_t first = (i * walk.vectors + v) * rows_in_vector;
      step<with_values>(rows[v], read(walk.codes + first), seen);
      put(walk.ends + first, rows[v].at);
      if constexpr (with_values) {
        put(walk.values + first, rows[v].value);
        put(walk.windows + first, rows[v].window);
      }
    }
  }
  for (std::size_t v = 0; v < vectors; ++v) {
    const std::size_t first = v * rows_in_vector;
    put(places.at + first, rows[v].at);
    put(places.window + first, rows[v].window);
    put(places.value + first, rows[v].value);
  }
  return judge(seen);
}

using Walk = RowsSeen (*)(const RowsWalk&, RowPlaces&, std::size_t, std::size_t);
constexpr Walk walks[][2] = {{walk<1, false>, walk<1, true>},
                             {walk<2, false>, walk<2, true>},
                             {walk<3, false>, walk<3, true>},
                             {walk<4, false>, walk<4, true>}};

}  // namespace

bool can_walk_rows() {
  static const bool can = __builtin_cpu_supports("avx2") != 0;
  return can;
}

RowsSeen walk_rows(const RowsWalk& walk, RowPlaces& places) {
  RowsSeen all_seen;
  std::size_t done = 0;
  for (std::size_t vectors = walk.vectors; vectors > 0; --vectors) {
    const std::size_t to = walk.steps[vectors - 1];
    if (to == done) continue;
    const Walk part = walks[vectors - 1][walk.values == nullptr ? 0 : 1];
    const RowsSeen seen = part(walk, places, done, to);
    all_seen.known = all_seen.known && seen.known;
    all_seen.narrow = all_seen.narrow && seen.narrow;
    all_seen.leading = std::min(all_seen.leading, seen.leading);
    done = to;
  }
  return all_seen;
}

#else

bool can_walk_rows() {
  return false;
}

RowsSeen walk_rows(const RowsWalk&, RowPlaces&) {
  return {false, 0, false};
}

#endif

}  // namespace prombraid::chunk
