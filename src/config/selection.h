/// Which series, over which range: what `read`, `explain` and `diff` are asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace prombraid::config {

struct Flag;

struct Selection {
  std::string match;                  ///< a selector of PromQL
  std::optional<std::int64_t> start;  ///< milliseconds since the epoch; never empty once complete
  std::int64_t end = 0;
};

/// --match, --start and --end. `out` must outlive them.
std::vector<Flag> selection_flags(const std::string& group, Selection& out);

/// Begins an hour before the end where nobody said when. Fails with bad_request where there is
/// nothing to select or the range is none.
Result<void> complete_selection(Selection& selection);

}  // namespace prombraid::config
