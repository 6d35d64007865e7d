#include <doctest/doctest.h>

#include "query/plan.h"

namespace prombraid::query {
namespace {

Labels labels(std::initializer_list<std::pair<const char*, const char*>> pairs) {
  Labels::Builder builder;
  for (const auto& [name, value] : pairs) builder.set(name, value);
  return builder.build();
}

Member member(const char* name, const char* region, const char* replica) {
  return {name, labels({{"region", region}, {"replica", replica}}), false};
}

Matcher equal(const char* name, const char* value) {
  return {MatchType::equal, name, value};
}

/// Two sets of two replicas, told apart by `region`.
struct World {
  std::vector<Member> eu{member("e0:1", "eu", "a"), member("e1:1", "eu", "b")};
  std::vector<Member> us{member("u0:1", "us", "c"), member("u1:1", "us", "d")};
  ReplicaLabels names;
  SetRules eu_rules;
  SetRules us_rules;
  PlanOptions options;
  Moment moment;

  Result<Plan> plan(std::vector<Matcher> matchers, TimeRange range = {1000, 2000}) const {
    const SetView sets[] = {{eu, names, eu_rules}, {us, names, us_rules}};
    wire::ReadRequest request;
    request.queries.push_back({range, std::move(matchers), {}});
    return make_plan(request, sets, options, moment);
  }

  /// `eu/0 us/1`: who is asked.
  std::string asked(std::vector<Matcher> matchers, TimeRange range = {1000, 2000}) const {
    std::string out;
    const Plan made = plan(std::move(matchers), range).value();
    for (const MemberRead& read : made.reads) {
      out += (out.empty() ? "" : " ") + std::string(read.set == 0 ? "eu/" : "us/") +
             std::to_string(read.member);
    }
    return out;
  }
};

TEST_CASE("all sets are asked, by rank of the sets") {
  CHECK(World().asked({}) == "eu/0 eu/1 us/0 us/1");
}

TEST_CASE("a matcher leaves out the sets that it contradicts") {
  struct Case {
    const char* name;
    Matcher matcher;
    const char* asked;
  };
  for (const Case& c : {
           Case{"equal", equal("region", "eu"), "eu/0 eu/1"},
           {"not equal", {MatchType::not_equal, "region", "eu"}, "us/0 us/1"},
           {"regex", {MatchType::regex, "region", "u.*"}, "us/0 us/1"},
           {"regex of both", {MatchType::regex, "region", "eu|us"}, "eu/0 eu/1 us/0 us/1"},
           {"not regex", {MatchType::not_regex, "region", "eu|us"}, ""},
           {"absent", equal("region", ""), ""},
           {"of neither", equal("region", "asia"), ""},
           {"another label", equal("job", "x"), "eu/0 eu/1 us/0 us/1"},
           {"a replica of one set", equal("replica", "c"), "us/0"},
           {"a replica of none is ignored", equal("replica", "z"), "eu/0 eu/1 us/0 us/1"},
       }) {
    CAPTURE(c.name);
    CHECK(World().asked({c.matcher}) == c.asked);
  }
}

TEST_CASE("a set whose replicas do not tell is judged by what was configured") {
  World world;
  world.us.clear();
  world.us_rules.external_labels = labels({{"region", "us"}});
  CHECK(!world.plan({equal("region", "eu")})->asked_sets[1]);
  CHECK(world.plan({equal("region", "us")})->asked_sets[1]);
}

TEST_CASE("an ignored matcher contradicts nobody") {
  World world;
  world.options.ignore_matchers_on = {"region"};
  CHECK(world.asked({equal("region", "eu")}) == "eu/0 eu/1 us/0 us/1");
}

TEST_CASE("required matchers must be there word by word") {
  World world;
  world.us_rules.required = {equal("team", "x")};
  CHECK(world.asked({}) == "eu/0 eu/1");
  CHECK(world.asked({equal("team", "x")}) == "eu/0 eu/1 us/0 us/1");
  CHECK(world.asked({{MatchType::regex, "team", "x"}}) == "eu/0 eu/1");
}

TEST_CASE("a time range that does not meet the query's") {
  World world;
  world.moment.now = 100'000;
  world.eu_rules.oldest_age = 10'000;  // has 90'000 and later
  world.us_rules.newest_age = 20'000;  // has 80'000 and earlier
  struct Case {
    const char* name;
    TimeRange range;
    const char* asked;
  };
  for (const Case& c : {Case{"new", {95'000, 99'000}, "eu/0 eu/1"},
                        {"old", {10'000, 70'000}, "us/0 us/1"},
                        {"both", {70'000, 95'000}, "eu/0 eu/1 us/0 us/1"},
                        {"neither", {81'000, 89'999}, ""},
                        {"edges", {80'000, 90'000}, "eu/0 eu/1 us/0 us/1"},
                        {"empty", {2, 1}, "eu/0 eu/1 us/0 us/1"}}) {
    CAPTURE(c.name);
    CHECK(world.asked({}, c.range) == c.asked);
  }
}

TEST_CASE("one set alone keeps what a series may have of its own") {
  const World world;
  const SetView set{world.eu, world.names, world.eu_rules};
  wire::ReadRequest request;
  request.queries.push_back({{1000, 2000}, {equal("region", "us")}, {}});
  CHECK(make_plan(request, {&set, 1}, {}, {})->reads.size() == 2);
}

TEST_CASE("an enforced matcher is one more, and nothing makes it void") {
  World world;
  world.moment.enforced = equal("region", "eu");
  CHECK(world.asked({}) == "eu/0 eu/1");
  CHECK(world.asked({equal("region", "us")}) == "");
  CHECK(world.asked({{MatchType::regex, "region", ".*"}}) == "eu/0 eu/1");
  world.options.ignore_matchers_on = {"region"};
  // Refused when it is configured; a plan must not depend on that.
  CHECK(world.plan({})->reads.size() == 4);
  CHECK(!world.plan({})->reads[0].post_filters[0].empty());
}

TEST_CASE("an enforced replica label finds nothing where no replica has it") {
  World world;
  world.moment.enforced = equal("replica", "z");
  CHECK(world.asked({}) == "");
  world.moment.enforced = equal("replica", "a");
  CHECK(world.asked({}) == "eu/0");
  CHECK(!world.plan({})->reads[0].post_filters[0].front().second.matches("b"));
}

TEST_CASE("replicas that do not tell are sent the enforced matcher, and looked at again") {
  World world;
  world.eu[0].external_labels.reset();
  world.moment.enforced = equal("tenant", "x");
  const Plan plan = world.plan({}).value();
  CHECK(plan.reads[0].request.queries[0].matchers == std::vector<Matcher>{equal("tenant", "x")});
  CHECK(plan.reads[0].post_filters[0].front().first == "tenant");
}

}  // namespace
}  // namespace prombraid::query
