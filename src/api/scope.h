/// What a request for labels or series is about: selectors, a range, a limit.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "api/form.h"
#include "base/error.h"
#include "query/member.h"
#include "query/replica_labels.h"
#include "query/selection.h"
#include "series/matcher.h"
#include "series/sample.h"

namespace prombraid::api {

struct Scope {
  std::vector<std::vector<Matcher>> selectors;  ///< a series that one of them takes is meant
  std::string start;  ///< as it was given and found to be a time; empty: none
  std::string end;
  std::size_t limit = 0;  ///< 0: none
};

/// The most selectors of one request: each is asked of each replica.
inline constexpr std::size_t max_selectors = 100;

/// `match[]`, `start`, `end` and `limit`. Fails with bad_request, as Prometheus words it.
Result<Scope> scope_of(const Form& form);

/// A selector as one member is asked it.
struct MemberSelector {
  std::string text;                 ///< PromQL
  query::PostFilters post_filters;  ///< to apply to series that come back
};

/// What one member is asked.
struct MemberScope {
  std::size_t member = 0;
  std::vector<MemberSelector> selectors;  ///< empty: every series
  bool keep_replica_labels = false;       ///< a selector names this one replica by its label
};

/// Matchers on external labels are evaluated here, as for a read (query/selection.h). Members whose
/// external labels contradict every selector are left out. Fails with bad_request on a regular
/// expression that does not compile.
Result<std::vector<MemberScope>> members_asked(const Scope& scope,
                                               std::span<const query::Member> members,
                                               const query::ReplicaLabels& replica_labels,
                                               std::span<const std::string> ignore_matchers_on);

/// `match[]=...&start=...&end=...&limit=...`, encoded; `also` is added to every selector, and is
/// the selector where there is none.
std::string query_string(const Scope& scope, const MemberScope& member,
                         const std::optional<Matcher>& also = std::nullopt);

/// The external labels of `member` that its series are shown with: all but the replica labels.
Labels shown_labels(const query::Member& member, const query::ReplicaLabels& replica_labels,
                    bool keep_replica_labels);

}  // namespace prombraid::api
