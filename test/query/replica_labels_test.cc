#include "query/replica_labels.h"

#include <doctest/doctest.h>

namespace prombraid::query {
namespace {

Member member(const char* name, std::initializer_list<std::pair<const char*, const char*>> pairs) {
  Labels::Builder builder;
  for (const auto& [label, value] : pairs) builder.set(label, value);
  return {name, builder.build(), false};
}

using Names = std::vector<std::string>;

TEST_CASE("labels that differ are the replica labels") {
  ReplicaLabels labels;
  const Member members[] = {member("a", {{"dc", "x"}, {"pod", "p0"}}),
                            member("b", {{"dc", "x"}, {"pod", "p1"}})};
  CHECK(labels.learn(members));
  CHECK(labels.names() == Names{"pod", "prometheus_replica", "replica"});
  CHECK_FALSE(labels.learn(members));
}

TEST_CASE("a label that only one has differs too") {
  ReplicaLabels labels;
  const Member members[] = {member("a", {}), member("b", {{"pod", "p1"}})};
  CHECK(labels.learn(members));
  CHECK(labels.contains("pod"));
}

TEST_CASE("what was found stays found while a replica is down") {
  ReplicaLabels labels;
  const Member members[] = {member("a", {{"pod", "p0"}}), member("b", {{"pod", "p1"}})};
  labels.learn(members);
  CHECK_FALSE(labels.learn(std::span(members, 1)));
  CHECK(labels.contains("pod"));
}

TEST_CASE("members that do not tell teach nothing") {
  ReplicaLabels labels;
  const Member members[] = {{"a", {}, false}, member("b", {{"pod", "p1"}})};
  CHECK_FALSE(labels.learn(members));
  CHECK(labels.names() == Names{"prometheus_replica", "replica"});
}

TEST_CASE("names given are the only names") {
  ReplicaLabels labels({"pod"});
  const Member members[] = {member("a", {{"x", "0"}}), member("b", {{"x", "1"}})};
  CHECK_FALSE(labels.learn(members));
  CHECK(labels.names() == Names{"pod"});
}

TEST_CASE("names are compared as a whole, of whatever length") {
  const std::string shorter(70, 'n');
  const std::string longer(80, 'n');
  const ReplicaLabels labels({"replica", shorter});
  CHECK(labels.contains("replica"));
  CHECK_FALSE(labels.contains("service"));
  CHECK_FALSE(labels.contains(""));
  CHECK(labels.contains(shorter));
  CHECK_FALSE(labels.contains(longer));
}

TEST_CASE("rank is the replica label's value, else the address") {
  const ReplicaLabels labels({"pod"});
  CHECK(rank_key(member("b:1", {{"pod", "p0"}}), labels) == "p0");
  CHECK(rank_key(member("b:1", {}), labels) == "b:1");
  CHECK(rank_key({"c:1", {}, false}, labels) == "c:1");
}

}  // namespace
}  // namespace prombraid::query
