#include "read/coverage.h"

#include <doctest/doctest.h>

namespace prombraid::read {
namespace {

constexpr std::int64_t range_start = 1000;

/// Replicas that have run since these times (0: unknown), each asked these queries.
struct World {
  void add(std::int64_t since, std::vector<std::size_t> queries) {
    auto replica = std::make_shared<Replica>();
    if (since != 0) replica->running_since = since;
    replicas.push_back(std::move(replica));
    query::MemberRead read;
    read.query_index = std::move(queries);
    plan.reads.push_back(std::move(read));
  }

  bool covered(std::vector<bool> answered, std::size_t last) const {
    return covered_without(replicas, plan, answered, last);
  }

  std::vector<std::shared_ptr<const Replica>> replicas;
  query::Plan plan;
};

World of_queries(std::size_t count) {
  World world;
  for (std::size_t i = 0; i < count; ++i) {
    query::Asked asked;
    asked.range = {range_start, range_start + 100};
    world.plan.queries.push_back(asked);
  }
  return world;
}

TEST_CASE("a replica that ran through the range covers it") {
  World world = of_queries(1);
  world.add(range_start, {0});
  world.add(0, {0});
  CHECK(world.covered({true, false}, 1));
}

TEST_CASE("what does not cover") {
  struct Case {
    const char* name;
    std::int64_t since;
    std::vector<std::size_t> queries;
    bool answered;
  };
  const Case cases[] = {
      {"it started inside the range", range_start + 1, {0, 1}, true},
      {"nobody knows since when it runs", 0, {0, 1}, true},
      {"it has not answered", 1, {0, 1}, false},
      {"it was not asked one of the queries", 1, {1}, true},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    World world = of_queries(2);
    world.add(c.since, c.queries);
    world.add(1, {0, 1});
    CHECK_FALSE(world.covered({c.answered, false}, 1));
  }
}

TEST_CASE("each query may be covered by another replica") {
  World world = of_queries(2);
  world.add(1, {0});
  world.add(1, {1});
  world.add(1, {0, 1});
  CHECK(world.covered({true, true, false}, 2));
  CHECK_FALSE(world.covered({true, false, false}, 2));
}

TEST_CASE("the last replica does not stand in for itself") {
  World world = of_queries(1);
  world.add(range_start + 1, {0});
  world.add(1, {0});
  CHECK_FALSE(world.covered({true, true}, 1));
}

}  // namespace
}  // namespace prombraid::read
