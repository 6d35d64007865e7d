#include "query/plan.h"

#include <algorithm>

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

Asked asked_of(const wire::Query& query, Timestamp now) {
  Asked asked;
  asked.now = now;
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

/// The selections of one query, one a set; nothing where the set has no business with it.
using Selections = std::vector<std::optional<Selection>>;

class Selecting {
 public:
  Selecting(std::span<const SetView> sets, const PlanOptions& options, const Moment& moment)
      : sets_(sets), options_(options), moment_(moment) {}

  Result<Selections> select(const wire::Query& query, TimeRange range) const {
    std::vector<Matcher> matchers = query.matchers;
    if (moment_.enforced) matchers.push_back(*moment_.enforced);
    Selections out(sets_.size());
    for (std::size_t s = 0; s < sets_.size(); ++s) {
      auto asked = is_asked(sets_[s], matchers, range);
      if (asked.has_error()) return std::move(asked).error();
      if (!*asked) continue;
      auto selection = select_members(query.matchers, sets_[s].members, sets_[s].replica_labels,
                                      options_.ignore_matchers_on,
                                      moment_.enforced ? &*moment_.enforced : nullptr);
      if (selection.has_error()) return std::move(selection).error();
      out[s] = std::move(*selection);
    }
    leave_out_unnamed(out);
    return out;
  }

 private:
  Result<bool> is_asked(const SetView& set, std::span<const Matcher> matchers,
                        TimeRange range) const {
    if (!has_required(set.rules, matchers) || !meets(set.rules, range, moment_.now)) return false;
    if (sets_.size() == 1) return true;
    auto other = contradicts(set, matchers, options_.ignore_matchers_on);
    if (other.has_error()) return std::move(other).error();
    return !*other;
  }

  /// A replica's name that one set knows is ignored by no other.
  static void leave_out_unnamed(Selections& selections) {
    std::vector<Matcher> chosen;
    for (const auto& selection : selections) {
      if (selection)
        chosen.insert(chosen.end(), selection->chosen.begin(), selection->chosen.end());
    }
    if (chosen.empty()) return;
    for (auto& selection : selections) {
      const auto is_chosen = [&](const Matcher& matcher) {
        return std::find(chosen.begin(), chosen.end(), matcher) != chosen.end();
      };
      if (selection &&
          std::any_of(selection->ignored.begin(), selection->ignored.end(), is_chosen)) {
        selection.reset();
      }
    }
  }

  std::span<const SetView> sets_;
  const PlanOptions& options_;
  const Moment& moment_;
};

class Planner {
 public:
  Planner(std::span<const SetView> sets, const PlanOptions& options, Timestamp now)
      : options_(options), now_(now), sets_(sets), reads_(sets.size()) {
    for (std::size_t s = 0; s < sets.size(); ++s) reads_[s].resize(sets[s].members.size());
    plan_.asked_sets.resize(sets.size());
  }

  void add(std::size_t index, const wire::Query& query, Selections selections) {
    Asked asked = asked_of(query, now_);
    for (const auto& selection : selections) {
      if (!selection) continue;
      for (const MemberSelection& member : selection->members) {
        asked.members += member.asked ? 1 : 0;
      }
    }
    const wire::Query common = query_to_send(query, asked, options_);
    for (std::size_t s = 0; s < selections.size(); ++s) {
      if (!selections[s]) continue;
      plan_.asked_sets[s] = true;
      add_set(index, common, *std::move(selections[s]), reads_[s]);
    }
    plan_.queries.push_back(asked);
  }

  Plan take() && {
    for (std::size_t s = 0; s < reads_.size(); ++s) {
      for (std::size_t i = 0; i < reads_[s].size(); ++i) {
        MemberRead& read = reads_[s][i];
        if (read.query_index.empty()) continue;
        read.set = s;
        read.member = i;
        read.request.accepted = accepted_by(sets_[s].members[i], series_only(read));
        plan_.reads.push_back(std::move(read));
      }
    }
    return std::move(plan_);
  }

 private:
  void add_set(std::size_t index, const wire::Query& common, Selection selection,
               std::vector<MemberRead>& reads) {
    for (std::size_t i = 0; i < reads.size(); ++i) {
      if (!selection.members[i].asked) continue;
      MemberRead& read = reads[i];
      read.request.queries.push_back(common);
      read.request.queries.back().matchers = std::move(selection.members[i].matchers);
      read.query_index.push_back(index);
      read.post_filters.push_back(std::move(selection.members[i].post_filters));
      read.keep_replica_labels.push_back(selection.keep_replica_labels);
    }
    for (Matcher& matcher : selection.ignored) plan_.ignored.push_back(std::move(matcher));
  }

  bool series_only(const MemberRead& read) const {
    return std::all_of(read.query_index.begin(), read.query_index.end(),
                       [this](std::size_t q) { return plan_.queries[q].series_only; });
  }

  const PlanOptions& options_;
  Timestamp now_;
  std::span<const SetView> sets_;
  std::vector<std::vector<MemberRead>> reads_;
  Plan plan_;
};

}  // namespace

Result<Plan> make_plan(const wire::ReadRequest& request, std::span<const SetView> sets,
                       const PlanOptions& options, const Moment& moment) {
  if (auto loops = refuse_loops(request, options); loops.has_error()) {
    return std::move(loops).error();
  }
  Planner planner(sets, options, moment.now);
  const Selecting selecting(sets, options, moment);
  for (std::size_t i = 0; i < request.queries.size(); ++i) {
    const wire::Query& query = request.queries[i];
    auto selections = selecting.select(query, asked_of(query, moment.now).range);
    if (selections.has_error()) {
      return std::move(selections).error().in("query " + std::to_string(i));
    }
    planner.add(i, query, std::move(*selections));
  }
  return std::move(planner).take();
}

}  // namespace prombraid::query
