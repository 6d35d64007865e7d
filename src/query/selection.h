/// Which members one query is asked of, and with which matchers.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "query/member.h"
#include "query/replica_labels.h"
#include "series/matcher.h"

namespace prombraid::query {

/// A matcher on an external label that the replica's value satisfies is not sent. A series with a
/// label of its own under that name must still satisfy it.
using PostFilters = std::vector<std::pair<std::string, CompiledMatcher>>;

struct MemberSelection {
  bool asked = true;
  std::vector<Matcher> matchers;  ///< to send
  PostFilters post_filters;       ///< to apply to what comes back
};

struct Selection {
  std::vector<MemberSelection> members;  ///< one a member
  bool keep_replica_labels = false;

  /// Equality matchers on a replica label, by what became of them.
  std::vector<Matcher> ignored;  ///< no member has the value
  std::vector<Matcher> chosen;   ///< some members have it, and the others are not asked
};

/// A matcher on a replica label chooses members: those whose value it takes. Where it takes none,
/// a matcher that an absent label satisfies means the merged series and chooses all; an equality
/// is ignored (and listed); anything else finds nothing.
///
/// A matcher on another external label is dropped where the member's value satisfies it. Where it
/// does not, only series with a label of their own can, so `name!=""` is sent beside it.
///
/// `enforced`, which may be null, is a matcher more that nothing makes void: it is never ignored,
/// so where no member has its value under a replica label nothing is asked.
Result<Selection> select_members(std::span<const Matcher> matchers, std::span<const Member> members,
                                 const ReplicaLabels& replica_labels,
                                 std::span<const std::string> ignore_matchers_on,
                                 const Matcher* enforced = nullptr);

}  // namespace prombraid::query
