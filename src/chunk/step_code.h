/// How an XOR chunk codes the change of a time step, packed in 32 bits.
#pragma once

#include <cstdint>

#include "chunk/varbit.h"

namespace prombraid::chunk {

/// The length in bits, 2 more than it is; below it the bits, 24 at most; and `10`, as the value of
/// most samples begins: one that changed inside the window in use. So one comparison is enough for
/// these (known_times.cc).
using StepCode = std::uint32_t;

inline constexpr unsigned pattern_bits = 26;
inline constexpr StepCode pattern_mask = (StepCode{1} << pattern_bits) - 1;

/// Of the form of 68 bits, which do not fit. No single bit is 2: this is never found.
inline constexpr StepCode long_code = StepCode{1} << pattern_bits | 2;

/// Of any other: how many bits it has, and which.
inline unsigned step_length(StepCode code) {
  return (code >> pattern_bits) - 2;
}
inline std::uint64_t step_bits(StepCode code) {
  return (code & pattern_mask) >> 2;
}

/// Of any code.
inline unsigned coded_length(StepCode code) {
  return code == long_code ? 68 : step_length(code);
}

/// `change` is the difference of two time steps, modulo 2^64.
inline StepCode code_of(std::uint64_t change) {
  const auto packed = [](std::uint64_t bits, unsigned length) {
    return static_cast<StepCode>((length + 2) << pattern_bits | bits << 2 | 0b10);
  };
  if (change == 0) return packed(0, 1);
  for (unsigned ones = 1; ones <= 3; ++ones) {
    const unsigned width = 11 + 3 * ones;
    if (!fits_biased(static_cast<std::int64_t>(change), width)) continue;
    const std::uint64_t head = (std::uint64_t{2} << ones) - 2;
    return packed(head << width | low_bits(change, width), ones + 1 + width);
  }
  return long_code;
}

}  // namespace prombraid::chunk
