/// Arithmetic on timestamps that may stand anywhere in an int64.
#pragma once

#include <cstdint>
#include <limits>

#include "series/sample.h"

namespace prombraid::merge {

inline constexpr Timestamp first_time = std::numeric_limits<Timestamp>::min();
inline constexpr Timestamp last_time = std::numeric_limits<Timestamp>::max();

/// A length of time in milliseconds: the distance of any two timestamps fits.
using Span = std::uint64_t;

/// From `a` to a `b` that is not before it.
inline constexpr Span distance(Timestamp a, Timestamp b) {
  return static_cast<Span>(b) - static_cast<Span>(a);
}

/// `t + span`, or the last time there is.
inline constexpr Timestamp plus(Timestamp t, Span span) {
  return span >= distance(t, last_time) ? last_time
                                        : static_cast<Timestamp>(static_cast<Span>(t) + span);
}

/// `t - span`, or the first time there is.
inline constexpr Timestamp minus(Timestamp t, Span span) {
  return span >= distance(first_time, t) ? first_time
                                         : static_cast<Timestamp>(static_cast<Span>(t) - span);
}

}  // namespace prombraid::merge
