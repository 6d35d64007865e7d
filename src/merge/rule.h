/// How far around a range the replicas must be read for the merge to be free of the window.
#pragma once

#include <cstdint>

#include "series/sample.h"

namespace prombraid::merge {

/// Before the asked range, and after it, in milliseconds. Numbers to be used for every read; a part
/// that a replica has no data for does no harm.
inline constexpr std::int64_t margin_before = 10 * 60 * 1000;
inline constexpr std::int64_t margin_after = 2 * 60 * 1000;

/// `range`, wider by both margins, as far as a Timestamp goes. What the replicas are asked for.
TimeRange widened(TimeRange range);

}  // namespace prombraid::merge
