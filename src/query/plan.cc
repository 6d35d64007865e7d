#include "query/plan.h"

#include "merge/rule.h"
#include "query/loop_marker.h"
#include "query/selection.h"

namespace prombraid::query {

namespace {

Result<void> refuse_loops(const wire::ReadRequest& request, const PlanOptions& options) {
  for (const wire::Query& query : request.queries) {
    if (!query.hints) continue;
    const auto& grouping = query.hints->grouping;
    if (holds_marker(grouping, options.loop_marker)) {
      return Error(ErrorKind::loop,
                   "this read came back to the proxy that sent it: one of its replicas has a "
                   "remote_read that points here. Remove that remote_read from the replicas; only "
                   "a Prometheus that is not behind this proxy may read through it");
    }
    if (proxies_passed(grouping) >= max_proxies) {
      return Error(ErrorKind::loop, "this read has come through " +
                                        std::to_string(proxies_passed(grouping)) +
                                        " proxies: they read one another in a circle");
    }
  }
  return {};
}

Asked asked_of(const wire::Query& query) {
  Asked asked;
  asked.range = query.range;
  if (query.hints) {
    asked.range = query.hints->range;
    asked.series_only = query.hints->func == "series";
  }
  return asked;
}

/// Without the client's matchers: each member gets its own.
wire::Query query_to_send(const wire::Query& query, const Asked& asked,
                          const PlanOptions& options) {
  wire::Query out;
  out.range = query.range;
  // The marker travels in the hints, so there must be some; their times replace the query's own on
  // the server, so they must be the range that is wanted.
  out.hints = query.hints.value_or(wire::ReadHints{});
  TimeRange hinted = asked.range;
  // Only what is merged needs to see beyond its edges. One member alone comes back exactly as it
  // is, and a range that is empty stays empty.
  if (asked.members > 1 && !asked.series_only && !asked.range.empty()) {
    out.range = merge::widened(out.range);
    hinted = merge::widened(hinted);
  }
  out.hints->range = hinted;
  if (!options.loop_marker.empty()) out.hints->grouping.push_back(options.loop_marker);
  return out;
}

std::vector<std::uint32_t> accepted_by(const Member& member, bool series_only) {
  constexpr std::uint32_t samples = 0;
  constexpr std::uint32_t streamed_chunks = 1;
  if (member.asks_samples) return {samples};
  // For label sets alone SAMPLES is the cheap mode: its path loads no chunk (tsdb/querier.go),
  // the streamed one sends them all.
  if (series_only) return {samples, streamed_chunks};
  return {streamed_chunks, samples};
}

class Planner {
 public:
  Planner(std::span<const Member> members, const PlanOptions& options)
      : options_(options), reads_(members.size()) {}

  void add(std::size_t index, const wire::Query& query, Selection selection) {
    Asked asked = asked_of(query);
    asked.keep_replica_labels = selection.keep_replica_labels;
    for (const MemberSelection& member : selection.members) asked.members += member.asked ? 1 : 0;
    const wire::Query common = query_to_send(query, asked, options_);
    for (std::size_t i = 0; i < reads_.size(); ++i) {
      if (!selection.members[i].asked) continue;
      MemberRead& read = reads_[i];
      read.request.queries.push_back(common);
      read.request.queries.back().matchers = std::move(selection.members[i].matchers);
      read.query_index.push_back(index);
      read.post_filters.push_back(std::move(selection.members[i].post_filters));
    }
    for (Matcher& matcher : selection.ignored) plan_.ignored.push_back(std::move(matcher));
    plan_.queries.push_back(asked);
  }

  Plan take(std::span<const Member> members) && {
    for (std::size_t i = 0; i < reads_.size(); ++i) {
      if (reads_[i].query_index.empty()) continue;
      bool series_only = true;
      for (const std::size_t q : reads_[i].query_index) {
        series_only = series_only && plan_.queries[q].series_only;
      }
      reads_[i].member = i;
      reads_[i].request.accepted = accepted_by(members[i], series_only);
      plan_.reads.push_back(std::move(reads_[i]));
    }
    return std::move(plan_);
  }

 private:
  const PlanOptions& options_;
  std::vector<MemberRead> reads_;
  Plan plan_;
};

}  // namespace

Result<Plan> make_plan(const wire::ReadRequest& request, std::span<const Member> members,
                       const ReplicaLabels& replica_labels, const PlanOptions& options) {
  if (auto loops = refuse_loops(request, options); loops.has_error()) {
    return std::move(loops).error();
  }
  Planner planner(members, options);
  for (std::size_t i = 0; i < request.queries.size(); ++i) {
    const wire::Query& query = request.queries[i];
    auto selection =
        select_members(query.matchers, members, replica_labels, options.ignore_matchers_on);
    if (selection.has_error()) {
      return std::move(selection).error().in("query " + std::to_string(i));
    }
    planner.add(i, query, std::move(*selection));
  }
  return std::move(planner).take(members);
}

}  // namespace prombraid::query
