/// One set of replicas as a plan sees it, and whether a query has any business there.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/error.h"
#include "query/member.h"
#include "query/replica_labels.h"
#include "series/matcher.h"
#include "series/sample.h"

namespace prombraid::query {

/// What was configured of a set.
struct SetRules {
  /// Equality matchers that a query must have, word by word, to be asked of the set (as
  /// `required_matchers` of Prometheus's remote_read).
  std::vector<Matcher> required;

  /// What its members add to their series, where a member itself does not tell.
  std::optional<Labels> external_labels;

  std::int64_t newest_age = 0;  ///< ms: it has no samples that are younger
  std::int64_t oldest_age = 0;  ///< ms: nor any that are older; 0: no end
};

struct SetView {
  std::span<const Member> members;
  const ReplicaLabels& replica_labels;
  const SetRules& rules;
};

/// True where all that is required is there.
bool has_required(const SetRules& rules, std::span<const Matcher> matchers);

/// True where the set may have samples of `range` at `now`. An empty range meets every set.
bool meets(const SetRules& rules, TimeRange range, Timestamp now);

/// True where every member adds a label that one of the matchers does not take. A label that
/// tells replicas apart is no such label, nor is one in `ignored`. Fails with bad_request on a
/// regular expression that does not compile.
///
/// A series with a label of its own under that name could fit all the same; where there are
/// several sets, the external labels are what tells them apart, and such a series is not sought.
Result<bool> contradicts(const SetView& set, std::span<const Matcher> matchers,
                         std::span<const std::string> ignored);

}  // namespace prombraid::query
