/// From one read of a client to the reads that each replica of each set is asked.
///
/// Matchers on external labels are evaluated here. A Prometheus server gets everything but
/// equality with its own value wrong: `region=~"eu"` finds nothing on a replica whose external
/// label is region="eu", and `region!="eu"` finds everything (storage/remote/read_handler.go,
/// filterExtLabelsFromMatchers; prometheus issues 4790 and 11663).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "query/member.h"
#include "query/replica_labels.h"
#include "query/selection.h"
#include "query/set_view.h"
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

  Timestamp now = 0;  ///< when it was asked

  /// `func=series`: label sets without samples.
  bool series_only = false;

  /// How many members are asked.
  std::size_t members = 0;
};

/// What one member of one set is asked: a subset of the client's queries.
struct MemberRead {
  std::size_t set = 0;
  std::size_t member = 0;  ///< of the set
  wire::ReadRequest request;

  /// For each query of `request`: its index in the client's request, ascending.
  std::vector<std::size_t> query_index;

  /// For each query of `request`.
  std::vector<PostFilters> post_filters;

  /// For each query of `request`: it named one replica of the set by its replica label, which
  /// stays in the answer.
  std::vector<bool> keep_replica_labels;
};

struct Plan {
  std::vector<Asked> queries;  ///< as many as the client's, in its order

  /// By set, and in it in the order of the members; members with nothing to do left out. So the
  /// order of the sets is the order of rank among all replicas.
  std::vector<MemberRead> reads;

  std::vector<bool> asked_sets;  ///< one a set: some query has business there

  /// Matchers that were left out because no replica of the set has their value: told to the user,
  /// as an upstream with `filter_external_labels` on adds them to every query.
  std::vector<Matcher> ignored;
};

/// What is known only when the read comes.
struct Moment {
  Timestamp now = 0;                ///< decides which sets are old or young enough
  std::optional<Matcher> enforced;  ///< an equality that every query is held to
};

/// A set that a query has no business in is not asked: something that it requires is missing, its
/// time range does not meet the query's or, where there are several sets, a matcher contradicts
/// what all its replicas add to their series. A replica that is named by its replica label is
/// sought in all sets, and the sets that have none of that name are not asked either.
///
/// Fails with bad_request on a matcher that does not compile, and with loop on a read that was here
/// before. A query that no member can answer is asked of none and has an empty answer.
Result<Plan> make_plan(const wire::ReadRequest& request, std::span<const SetView> sets,
                       const PlanOptions& options, const Moment& moment);

}  // namespace prombraid::query
