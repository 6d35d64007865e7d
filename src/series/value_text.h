/// A sample's value as PromQL writes it.
#pragma once

#include <string>

#include "series/sample.h"

namespace prombraid {

/// `NaN`, `+Inf`, `-Inf`, else the shortest text that reads as the same number.
std::string number_text(double value);

/// The same, and `stale` for a stale marker.
std::string value_text(DoubleBits bits);

}  // namespace prombraid
