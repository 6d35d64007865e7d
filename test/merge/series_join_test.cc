#include "merge/series_join.h"

#include <string>

#include <doctest/doctest.h>

namespace prombraid::merge {
namespace {

Strand strand(const std::string& value) {
  Labels::Builder builder;
  Strand made;
  made.labels = builder.set("a", value).build();
  return made;
}

/// What the join gives for replicas that hold these one-letter series: `x:01` is series x of
/// replicas 0 and 1.
std::string joined(const std::vector<std::string>& replicas) {
  SeriesJoin join(replicas.size());
  std::vector<std::size_t> at(replicas.size());
  std::string out;
  for (int guard = 0; guard < 1000; ++guard) {
    while (!join.needs().empty()) {
      const std::size_t r = join.needs().back();
      if (at[r] == replicas[r].size()) {
        join.end(r);
      } else {
        REQUIRE(join.put(r, strand(std::string(1, replicas[r][at[r]++]))).has_value());
      }
    }
    if (join.done()) return out;
    const auto& group = join.take();
    out += out.empty() ? "" : " ";
    out += std::string(group.labels().get("a")) + ":";
    for (std::size_t r = 0; r < replicas.size(); ++r) {
      if (group.strands[r] != nullptr) out += std::to_string(r);
    }
  }
  return "endless";
}

TEST_CASE("equal labels come together, in order") {
  CHECK(joined({"abd", "bc", "abcd"}) == "a:02 b:012 c:12 d:02");
  CHECK(joined({"", "x"}) == "x:1");
  CHECK(joined({"", ""}).empty());
  CHECK(joined({}).empty());
}

TEST_CASE("every way to spread four series over three replicas") {
  const std::string all = "abcd";
  for (unsigned bits = 0; bits < 1u << 12; ++bits) {
    std::vector<std::string> replicas(3);
    std::string expected;
    for (std::size_t s = 0; s < 4; ++s) {
      std::string holders;
      for (std::size_t r = 0; r < 3; ++r) {
        if ((bits >> (s * 3 + r) & 1) == 0) continue;
        replicas[r] += all[s];
        holders += std::to_string(r);
      }
      if (holders.empty()) continue;
      expected += (expected.empty() ? "" : " ") + std::string(1, all[s]) + ":" + holders;
    }
    REQUIRE(joined(replicas) == expected);
  }
}

TEST_CASE("labels that fall or repeat are refused, and the replica may still end") {
  for (const char* next : {"b", "a"}) {
    SeriesJoin join(1);
    REQUIRE(join.put(0, strand("b")).has_value());
    join.take();
    Strand late = strand(next);
    const auto done = join.put(0, std::move(late));
    REQUIRE(done.has_error());
    CHECK(done.error().kind == ErrorKind::corrupt);
    CHECK(done.error().what.find("after {a=\"b\"}") != std::string::npos);
    CHECK(late.labels.get("a") == next);
    join.end(0);
    CHECK(join.done());
  }
}

TEST_CASE("the strand before comes back, for its memory") {
  SeriesJoin join(1);
  Strand first = strand("a");
  REQUIRE(join.put(0, std::move(first)).has_value());
  CHECK(first.labels.empty());
  join.take();
  Strand second = strand("b");
  REQUIRE(join.put(0, std::move(second)).has_value());
  CHECK(second.labels.get("a") == "a");
  CHECK(join.take().labels().get("a") == "b");
}

TEST_CASE("a replica that breaks off keeps the strand that waits") {
  SeriesJoin join(2);
  REQUIRE(join.put(0, strand("z")).has_value());
  REQUIRE(join.put(1, strand("a")).has_value());
  join.end(0);
  CHECK(join.take().labels().get("a") == "a");
  join.end(1);
  REQUIRE_FALSE(join.done());
  CHECK(join.take().labels().get("a") == "z");
  CHECK(join.done());
}

}  // namespace
}  // namespace prombraid::merge
