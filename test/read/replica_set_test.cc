#include "read/replica_set.h"

#include <doctest/doctest.h>

namespace prombraid::read {
namespace {

void add(ReplicaSet& set, const char* ip, const char* replica) {
  discovery::Endpoint endpoint{"prom", ip, 9090, "/api/v1/read"};
  Labels::Builder labels;
  if (replica != nullptr) labels.set("replica", replica);
  set.members.push_back({endpoint.key(), labels.build(), false});
  set.replicas.push_back({endpoint, nullptr, nullptr, nullptr, "", ""});
}

std::string order_of(const ReplicaSet& set) {
  std::string out;
  for (const Replica& replica : set.replicas) out += replica.endpoint.ip + " ";
  return out;
}

TEST_CASE("rank follows the replica label, not the address") {
  ReplicaSet set;
  add(set, "10.0.0.1", "r2");
  add(set, "10.0.0.2", "r0");
  add(set, "10.0.0.3", "r1");
  const ReplicaSetPtr out = ranked(std::move(set));
  CHECK(order_of(*out) == "10.0.0.2 10.0.0.3 10.0.0.1 ");
  CHECK(out->members[0].name == "10.0.0.2:9090");
}

TEST_CASE("without one it follows the address, whatever order they came in") {
  ReplicaSet set;
  add(set, "10.0.0.2", nullptr);
  add(set, "10.0.0.1", nullptr);
  CHECK(order_of(*ranked(std::move(set))) == "10.0.0.1 10.0.0.2 ");
}

}  // namespace
}  // namespace prombraid::read
