#include "query/plan.h"

#include <limits>

#include <doctest/doctest.h>

#include "merge/rule.h"
#include "query/loop_marker.h"

namespace prombraid::query {
namespace {

Member member(const char* name, const char* replica) {
  Labels::Builder builder;
  builder.set("replica", replica);
  return {name, builder.build(), false};
}

const std::vector<Member> two = {member("a:1", "r0"), member("b:1", "r1")};
const std::string marker = loop_marker(std::vector<std::string>{"dns+prometheus:9090"});
const PlanOptions options{{}, marker};

wire::Query query(TimeRange range, std::initializer_list<Matcher> matchers = {}) {
  wire::Query out;
  out.range = range;
  out.matchers = matchers;
  return out;
}

Result<Plan> plan_for(const wire::ReadRequest& request, const std::vector<Member>& members) {
  const ReplicaLabels labels;
  const SetRules rules;
  const SetView set{members, labels, rules};
  return make_plan(request, {&set, 1}, options, {});
}

Plan plan_of(std::vector<wire::Query> queries, const std::vector<Member>& members = two) {
  wire::ReadRequest request;
  request.queries = std::move(queries);
  return plan_for(request, members).value();
}

TEST_CASE("every member is asked for more than the range, chunks first, with our marker") {
  const Plan plan = plan_of({query({1000, 2000})});
  REQUIRE(plan.reads.size() == 2);
  const wire::Query& sent = plan.reads[1].request.queries[0];
  CHECK(sent.range == merge::widened({1000, 2000}));
  REQUIRE(sent.hints);
  CHECK(sent.hints->range == merge::widened({1000, 2000}));
  CHECK(sent.hints->grouping == std::vector<std::string>{marker});
  CHECK(plan.reads[1].request.accepted == std::vector<std::uint32_t>{1, 0});
  CHECK(plan.queries[0].range == TimeRange{1000, 2000});
}

TEST_CASE("one member alone is asked exactly what the client asked") {
  const Plan plan = plan_of({query({1000, 2000})}, {two[0]});
  CHECK(plan.reads[0].request.queries[0].range == TimeRange{1000, 2000});
  const Plan named = plan_of({query({1000, 2000}, {{MatchType::equal, "replica", "r1"}})});
  REQUIRE(named.reads.size() == 1);
  CHECK(named.reads[0].member == 1);
  CHECK(named.reads[0].request.queries[0].range == TimeRange{1000, 2000});
  CHECK(named.reads[0].keep_replica_labels[0]);
}

TEST_CASE("hints say what goes out, and are passed on") {
  wire::Query hinted = query({1000, 1500});
  hinted.hints = wire::ReadHints{};
  hinted.hints->range = {1000, 2000};
  hinted.hints->func = "rate";
  hinted.hints->grouping = {"job"};
  const Plan plan = plan_of({hinted});
  CHECK(plan.queries[0].range == TimeRange{1000, 2000});
  const wire::Query& sent = plan.reads[0].request.queries[0];
  CHECK(sent.range == merge::widened({1000, 1500}));
  CHECK(sent.hints->range == merge::widened({1000, 2000}));
  CHECK(sent.hints->func == "rate");
  CHECK(sent.hints->grouping == std::vector<std::string>{"job", marker});
}

TEST_CASE("all of time does not wrap") {
  constexpr auto min = std::numeric_limits<std::int64_t>::min();
  constexpr auto max = std::numeric_limits<std::int64_t>::max();
  const Plan plan = plan_of({query({min + 5, max - 5})});
  CHECK(plan.reads[0].request.queries[0].range.end == max);
  CHECK(plan.reads[0].request.queries[0].range.start <= min + 5);
}

TEST_CASE("label sets alone are asked as SAMPLES and not widened") {
  wire::Query series = query({1000, 2000});
  series.hints = wire::ReadHints{};
  series.hints->func = "series";
  series.hints->range = {1000, 2000};
  const Plan plan = plan_of({series});
  CHECK(plan.queries[0].series_only);
  CHECK(plan.reads[0].request.accepted == std::vector<std::uint32_t>{0, 1});
  CHECK(plan.reads[0].request.queries[0].hints->range == TimeRange{1000, 2000});
}

TEST_CASE("a version that crashes on streams is asked for samples") {
  Member old = two[0];
  old.asks_samples = true;
  const Plan plan = plan_of({query({1, 2})}, {old, two[1]});
  CHECK(plan.reads[0].request.accepted == std::vector<std::uint32_t>{0});
  CHECK(plan.reads[1].request.accepted == std::vector<std::uint32_t>{1, 0});
}

TEST_CASE("several queries: each member gets those that it can answer, in order") {
  const Matcher r0{MatchType::equal, "replica", "r0"};
  const Plan plan = plan_of({query({1, 2}, {r0}), query({3, 4})});
  REQUIRE(plan.reads.size() == 2);
  CHECK(plan.reads[0].query_index == std::vector<std::size_t>{0, 1});
  CHECK(plan.reads[1].query_index == std::vector<std::size_t>{1});
  CHECK(plan.queries[0].members == 1);
  CHECK(plan.queries[1].members == 2);
}

TEST_CASE("a read that was here before is refused with the cure") {
  wire::ReadRequest request;
  request.queries = {query({1, 2})};
  request.queries[0].hints = wire::ReadHints{};
  request.queries[0].hints->grouping = {"job", marker};
  const auto plan = plan_for(request, two);
  REQUIRE(plan.has_error());
  CHECK(plan.error().kind == ErrorKind::loop);
  CHECK(plan.error().what.find("Remove that remote_read") != std::string::npos);
}

TEST_CASE("another proxy's marker is a braid of braids, up to a depth") {
  wire::ReadRequest request;
  request.queries = {query({1, 2})};
  request.queries[0].hints = wire::ReadHints{};
  auto& grouping = request.queries[0].hints->grouping;
  for (std::size_t depth = 0; depth <= max_proxies; ++depth) {
    CAPTURE(depth);
    CHECK(plan_for(request, two).has_error() == (depth == max_proxies));
    grouping.push_back(loop_marker(std::vector<std::string>{std::to_string(depth)}));
  }
}

TEST_CASE("the marker does not depend on the order of addresses") {
  CHECK(loop_marker(std::vector<std::string>{"a", "b"}) ==
        loop_marker(std::vector<std::string>{"b", "a"}));
  CHECK(loop_marker(std::vector<std::string>{"a", "b"}) !=
        loop_marker(std::vector<std::string>{"ab"}));
}

}  // namespace
}  // namespace prombraid::query
