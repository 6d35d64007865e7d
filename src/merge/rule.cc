#include "merge/rule.h"

#include <limits>

namespace prombraid::merge {

TimeRange widened(TimeRange range) {
  constexpr auto first = std::numeric_limits<Timestamp>::min();
  constexpr auto last = std::numeric_limits<Timestamp>::max();
  if (range.empty()) return range;
  return {range.start < first + margin_before ? first : range.start - margin_before,
          range.end > last - margin_after ? last : range.end + margin_after};
}

}  // namespace prombraid::merge
