/// A covered series as `/api/v1/coverage` shows it. docs/api.md has the form.
#pragma once

#include <string>

#include "api/covered.h"

namespace prombraid::api {

/// What of one series is listed; the rest is counted.
inline constexpr std::size_t listed_parts = 2000;  ///< of a strip, of the braid
inline constexpr std::size_t listed_conflicts = 100;

/// An object. Of each replica the first `samples` samples are in it.
std::string coverage_json(const Covered& series, std::size_t samples);

/// What is true of the whole answer, as members of an object: `"replicas":[...],...`.
std::string coverage_head_json(const CoveredRead& read, TimeRange range);

}  // namespace prombraid::api
