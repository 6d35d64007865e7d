#include "config/selection.h"

#include <algorithm>
#include <limits>

#include "config/flag_setters.h"

namespace prombraid::config {

using namespace setters;

namespace {

constexpr std::int64_t hour = 3'600'000;

std::int64_t hour_before(std::int64_t end) {
  return std::max(end, std::numeric_limits<std::int64_t>::min() + hour) - hour;
}

}  // namespace

std::vector<Flag> selection_flags(const std::string& group, Selection& out) {
  return {{group, "match", "SELECTOR", false,
           "The series, as PromQL selects them: 'up{job=\"x\",instance=~\"a.*\"}'. "
           "Required.",
           text(out.match)},
          {group, "start", "TIME", false,
           "Where the range begins: 2026-03-02T01:05:00Z or seconds since 1970. Without it "
           "an hour before the end.",
           instant(out.start)},
          {group, "end", "TIME", false, "Where it ends. Without it now.", instant(out.end)}};
}

Result<void> complete_selection(Selection& selection) {
  if (selection.match.empty()) {
    return Error(ErrorKind::bad_request, "required flag '--match' not provided");
  }
  if (!selection.start) selection.start = hour_before(selection.end);
  if (*selection.start > selection.end) {
    return Error(ErrorKind::bad_request, "'--start' is later than '--end'");
  }
  return {};
}

}  // namespace prombraid::config
