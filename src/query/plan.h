/// From one read of a client to the reads that each replica of the set is asked.
///
/// Matchers on external labels are evaluated here. A Prometheus server gets everything but
/// equality with its own value wrong: `region=~"eu"` finds nothing on a replica whose external
/// label is region="eu", and `region!="eu"` finds everything (storage/remote/read_handler.go,
/// filterExtLabelsFromMatchers; prometheus issues 4790 and 11663).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "query/member.h"
#include "query/replica_labels.h"
#include "query/selection.h"
#include "series/matcher.h"
#include "wire/request.h"

namespace prombraid::query {

struct PlanOptions {
  /// Names on which every matcher is ignored (`--read.ignore-matchers-on`).
  std::vector<std::string> ignore_matchers_on;

  /// See query/loop_marker.h.
  std::string loop_marker;
};

/// What is answered for one query of the request.
struct Asked {
  /// The samples that go out: the hints' range where there are hints, else the query's own, as a
  /// Prometheus server trims them (tsdb/querier.go, selectSeriesSet).
  TimeRange range;

  /// `func=series`: label sets without samples.
  bool series_only = false;

  /// The query named one replica by its replica label: the label stays in the answer.
  bool keep_replica_labels = false;

  /// How many members are asked.
  std::size_t members = 0;
};

/// What one member is asked: a subset of the client's queries.
struct MemberRead {
  std::size_t member = 0;
  wire::ReadRequest request;

  /// For each query of `request`: its index in the client's request, ascending.
  std::vector<std::size_t> query_index;

  /// For each query of `request`.
  std::vector<PostFilters> post_filters;
};

struct Plan {
  std::vector<Asked> queries;  ///< as many as the client's, in its order
  std::vector<MemberRead>
      reads;  ///< in the order of the members; members with nothing to do left out

  /// Matchers that were left out because no replica of the set has their value: told to the user,
  /// as an upstream with `filter_external_labels` on adds them to every query.
  std::vector<Matcher> ignored;
};

/// Fails with bad_request on a matcher that does not compile, and with loop on a read that was here
/// before. A query that no member can answer is asked of none and has an empty answer.
Result<Plan> make_plan(const wire::ReadRequest& request, std::span<const Member> members,
                       const ReplicaLabels& replica_labels, const PlanOptions& options);

}  // namespace prombraid::query
