#include "merge/rule.h"

#include "merge/braid.h"

namespace prombraid::merge {

TimeRange widened(TimeRange range, Span epoch) {
  if (range.empty()) return range;
  return {minus(epoch_end(range.start, epoch), (1 + epochs_back) * epoch),
          plus(range.end, margin_after)};
}

}  // namespace prombraid::merge
