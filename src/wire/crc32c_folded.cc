#include "wire/crc32c_folded.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "wire/crc32c.h"

#define PROMBRAID_FOLD_TARGET __attribute__((target("avx512f,avx512dq,vpclmulqdq,pclmul,sse4.2")))

// A message is a polynomial, its first bit that of the highest degree, and its checksum what is
// left of it, times x^32, when it is divided by P. So 16 bytes, L before H, may be taken out where
// (L x^(n+64) + H x^n) mod P is added n bits later: two products of 64 and 32 bits. Bits stand in
// bytes the other way round, the highest degree lowest, so that a product comes out one degree too
// high: the factors are of one less. (V. Gopal and others, "Fast CRC Computation for Generic
// Polynomials Using PCLMULQDQ Instruction", Intel 2009.)

namespace prombraid::wire {
namespace {

/// x^degree mod P, the highest degree in the lowest of the upper 32 bits.
consteval long long power(unsigned degree) {
  std::uint32_t rest = 1u << 31;
  for (unsigned i = 0; i < degree; ++i) rest = (rest >> 1) ^ ((rest & 1) * crc32c_polynomial);
  return static_cast<long long>(std::uint64_t{rest} << 32);
}

/// What takes 16 bytes on by so many bits.
struct Factors {
  explicit consteval Factors(unsigned bits) : low(power(bits + 63)), high(power(bits - 1)) {}
  constexpr Factors() = default;  ///< to nothing

  long long low = 0;
  long long high = 0;
};

constexpr std::size_t line = 64;
constexpr std::size_t lines_in_step = 4;
constexpr std::size_t step = line * lines_in_step;

PROMBRAID_FOLD_TARGET __m512i load(const char* from) {
  return _mm512_loadu_si512(from);
}

/// Four times the same, or one for each 16 bytes.
PROMBRAID_FOLD_TARGET __m512i factors(Factors a, Factors b, Factors c, Factors d) {
  return _mm512_set_epi64(d.high, d.low, c.high, c.low, b.high, b.low, a.high, a.low);
}
PROMBRAID_FOLD_TARGET __m512i factors(Factors all) {
  return factors(all, all, all, all);
}

PROMBRAID_FOLD_TARGET __attribute__((always_inline)) inline __m512i fold(__m512i x, __m512i by,
                                                                         __m512i onto) {
  const __m512i low = _mm512_clmulepi64_epi128(x, by, 0x00);
  const __m512i high = _mm512_clmulepi64_epi128(x, by, 0x11);
  constexpr int exclusive_or = 0x96;
  return _mm512_ternarylogic_epi64(low, high, onto, exclusive_or);
}

/// The checksum of the 64 bytes that are left, from which the first 48 are folded onto the last.
PROMBRAID_FOLD_TARGET std::uint32_t divide(__m512i left) {
  constexpr Factors nothing;
  const __m512i by = factors(Factors(384), Factors(256), Factors(128), nothing);
  const __m512i moved = fold(left, by, _mm512_setzero_si512());
  const __m128i sum = _mm_xor_si128(
      _mm_xor_si128(_mm512_extracti32x4_epi32(moved, 0), _mm512_extracti32x4_epi32(moved, 1)),
      _mm_xor_si128(_mm512_extracti32x4_epi32(moved, 2), _mm512_extracti32x4_epi32(left, 3)));
  const std::uint64_t first = _mm_crc32_u64(0, static_cast<std::uint64_t>(_mm_cvtsi128_si64(sum)));
  return static_cast<std::uint32_t>(
      _mm_crc32_u64(first, static_cast<std::uint64_t>(_mm_extract_epi64(sum, 1))));
}

}  // namespace

bool can_fold_crc32c() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("vpclmulqdq") && __builtin_cpu_supports("sse4.2");
}

PROMBRAID_FOLD_TARGET std::uint32_t fold_crc32c(std::uint32_t crc, std::string_view& bytes) {
  if (bytes.size() < step) return crc;
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  // Four lines at a time, as each product takes longer than it takes to begin the next.
  __m512i a =
      _mm512_xor_si512(load(at), _mm512_zextsi128_si512(_mm_cvtsi32_si128(static_cast<int>(crc))));
  __m512i b = load(at + line);
  __m512i c = load(at + 2 * line);
  __m512i d = load(at + 3 * line);
  at += step;
  const __m512i by_step = factors(Factors(8 * step));
  for (; static_cast<std::size_t>(end - at) >= step; at += step) {
    a = fold(a, by_step, load(at));
    b = fold(b, by_step, load(at + line));
    c = fold(c, by_step, load(at + 2 * line));
    d = fold(d, by_step, load(at + 3 * line));
  }
  const __m512i by_line = factors(Factors(8 * line));
  __m512i left = fold(fold(fold(a, by_line, b), by_line, c), by_line, d);
  for (; static_cast<std::size_t>(end - at) >= line; at += line)
    left = fold(left, by_line, load(at));
  bytes.remove_prefix(static_cast<std::size_t>(at - bytes.data()));
  return divide(left);
}

}  // namespace prombraid::wire

#endif
