#include "api/covered_read.h"

#include <algorithm>
#include <chrono>

#include "read/groups.h"
#include "read/merged.h"
#include "read/settle.h"
#include "read/slice.h"

namespace prombraid::api {

namespace asio = boost::asio;

namespace {

std::int64_t now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

CoveredRead about(const read::Sets& sets, const query::Plan& plan) {
  CoveredRead out;
  for (const query::MemberRead& read : plan.reads) {
    const query::Member& member = sets.member(read);
    out.replicas.push_back(sets.name_of(read));
    Labels::Builder labels;
    if (member.external_labels) {
      for (const Label label : *member.external_labels) labels.set(label.name, label.value);
    }
    out.external_labels.push_back(labels.build());
  }
  for (const Matcher& matcher : plan.ignored) out.ignored.push_back(to_string(matcher));
  return out;
}

Error too_few(const read::Contributors& contributors, std::size_t set) {
  const read::SetShare& share = contributors.shares[set];
  std::string what = std::to_string(share.alive) + " of " + std::to_string(share.asked) +
                     " replicas answered, " +
                     std::to_string(std::max<std::size_t>(1, share.needed)) + " are needed";
  for (const auto& failed : contributors.failed) what += "; " + failed.failure.error.what;
  return Error(ErrorKind::unavailable, std::move(what));
}

/// Walks the series of query 0.
class Walk {
 public:
  Walk(read::ThreadContext& context, const query::Plan& plan, read::Contributors& contributors,
       const std::vector<std::string>& names, std::size_t conflicts)
      : asked_(plan.queries.front()),
        contributors_(contributors),
        names_(names),
        conflicts_(conflicts),
        merged_(context.counters, contributors.samples),
        held_(context.shared.memory) {}

  asio::awaitable<Result<void>> run(std::size_t most, const Show& show, CoveredRead& out) {
    read::Groups groups(contributors_, 0);
    read::Slice slice;
    for (;;) {
      auto group = co_await groups.next();
      if (group.has_error()) co_return group.error();
      if (*group == nullptr) co_return Result<void>();
      merged_.merge(**group, asked_);
      contributors_.lose_faulty(merged_.faults());
      if (merged_.empty()) continue;
      out.cut = out.series == most;
      if (out.cut) co_return Result<void>();
      ++out.series;
      auto shown = show_one(**group, show);
      if (shown.has_error()) co_return shown.error();
      if (!*shown) co_return Result<void>();
      if (slice.over()) co_await slice.pause();
    }
  }

 private:
  Result<bool> show_one(const merge::SeriesJoin::Group& group, const Show& show) {
    if (!held_.resize(merge::explain_bytes(group.strands))) {
      return Error(ErrorKind::limit, "a series is longer than what --read.memory-limit leaves");
    }
    const merge::Explanation seen =
        merge::explain(group.strands, asked_.range, merged_.interval(), conflicts_);
    const bool more = show({names_, group.labels(), asked_.range, group.strands, merged_.pieces(),
                            merged_.faults(), merged_.interval(), seen});
    held_.resize(0);
    return more;
  }

  const query::Asked& asked_;
  read::Contributors& contributors_;
  const std::vector<std::string>& names_;
  const std::size_t conflicts_;
  read::MergedSeries merged_;
  read::Held held_;
};

}  // namespace

asio::awaitable<Result<CoveredRead>> read_covered(read::ThreadContext& context,
                                                  wire::ReadRequest request, Asker asker,
                                                  std::size_t most_series, std::size_t conflicts,
                                                  Show show) {
  const read::SetsPtr sets = context.sets;
  if (!sets || !sets->any_replica()) co_return read::no_replica("");
  const auto views = sets->views();
  auto plan = query::make_plan(request, views, context.settings.plan,
                               {.now = now_ms(), .enforced = std::move(asker.enforced)});
  if (plan.has_error()) co_return std::move(plan).error();
  if (auto missing = sets->without_replicas(*plan); missing.has_error()) {
    co_return std::move(missing).error();
  }
  const read::Gate::Place place = co_await context.shared.gate.enter();
  read::Held held(context.shared.memory);
  if (!held.resize(plan->reads.size() * context.settings.begin_bytes)) {
    co_return Error(ErrorKind::unavailable, "too much is being read at once");
  }
  read::Contributors contributors = co_await read::settle(context, sets, *plan, asker.sent);
  if (const auto set = contributors.lacking()) co_return too_few(contributors, *set);
  const std::size_t known = contributors.failed.size();
  CoveredRead out = about(*sets, *plan);
  Walk walk(context, *plan, contributors, out.replicas, conflicts);
  auto walked = co_await walk.run(most_series, show, out);
  read::tell_failures(context, *sets, *plan, contributors.failed, known);
  contributors.end_spans();
  if (walked.has_error()) co_return std::move(walked).error();
  for (const auto& failed : contributors.failed) out.failures.push_back(failed.failure.error.what);
  co_return out;
}

}  // namespace prombraid::api
