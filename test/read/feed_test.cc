#include "read/feed.h"

#include <doctest/doctest.h>

#include "replica/answers.h"
#include "replica/fixture.h"
#include "replica/scripted_replica.h"

namespace prombraid::read {
namespace {

using namespace test;

const Labels external = labels({{"replica", "a"}});

Labels named(const std::string& name) {
  return labels({{"__name__", name}, {"replica", "a"}});
}

/// A feed over a replica that answers one query with these series, in one piece.
struct Fed {
  Fixture fixture;
  ScriptedReplica replica;
  query::Member member{"a", external};
  query::MemberRead read;
  query::ReplicaLabels replica_labels{std::vector<std::string>{"replica"}};
  Lessons lessons;
  MemoryBudget memory{1 << 20};
  std::unique_ptr<ReplicaFeed> feed;

  explicit Fed(const std::string& names = "abc")
      : replica(fixture.io.get_executor(), {answering(streamed(frames(names)))}) {
    read.query_index = {0};
    read.post_filters.resize(1);
    read.keep_replica_labels = {false};
    replica::ReadOptions options;
    options.deadline = Fixture::in(std::chrono::seconds(2));
    auto stream = fixture.run(
        replica::ReadStream::open(fixture.connections, replica.endpoint(), "question", options));
    REQUIRE(stream.has_value());
    feed = std::make_unique<ReplicaFeed>(
        std::move(*stream), FeedContext{member, read, replica_labels, lessons, 1 << 20, memory});
  }

  static std::string frames(const std::string& names) {
    std::string all;
    for (const char name : names) all += frame_at(named({name}), 1);
    return all;
  }

  /// The names of all series from now on, and how it ended.
  std::string rest() {
    std::string names;
    for (;;) {
      auto next = fixture.run(feed->next(0));
      if (next.has_error()) return names + next.error().error.what;
      if (!*next) return names + '.';
      names += (*next)->labels.get("__name__");
    }
  }
};

TEST_CASE("the series of a replica come in order, without its replica label") {
  Fed fed;
  auto first = fed.fixture.run(fed.feed->next(0));
  REQUIRE(first.has_value());
  REQUIRE(first->has_value());
  CHECK(to_string((*first)->labels) == R"({__name__="a"})");
  CHECK(fed.rest() == "bc.");
  CHECK(fed.feed->series() == 3);
}

TEST_CASE("what came with what was read before is ready, and nothing is given twice or left out") {
  Fed fed;
  std::string names;
  while (auto strand = fed.feed->ready(0)) names += strand->labels.get("__name__");
  CHECK(names == "a");  // b may begin c, and whether c is whole only the end of the body can say
  CHECK(fed.rest() == "bc.");
  CHECK_FALSE(fed.feed->ready(0).has_value());
}

TEST_CASE("a query that the replica was not asked has nothing") {
  Fed fed;
  CHECK(fed.rest() == "abc.");
  CHECK_FALSE(fed.feed->ready(1).has_value());
  const auto next = fed.fixture.run(fed.feed->next(1));
  REQUIRE(next.has_value());
  CHECK_FALSE(next->has_value());
}

TEST_CASE("what waits here is not lost when another read finds the replica out of order") {
  Fed fed;
  REQUIRE(fed.feed->ready(0).has_value());
  fed.lessons.unsorted = true;
  CHECK(fed.rest() == "bc.");
}

TEST_CASE("the answer of a replica that is known to be out of order is sorted here") {
  Fed fed("cab");
  fed.lessons.unsorted = true;
  CHECK_FALSE(fed.feed->ready(0).has_value());
  CHECK(fed.rest() == "abc.");
}

}  // namespace
}  // namespace prombraid::read
