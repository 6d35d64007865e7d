#include "read/replica_set.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace prombraid::read {

ReplicaSetPtr ranked(ReplicaSet set) {
  const auto key = [&set](std::size_t i) {
    return std::pair(query::rank_key(set.members[i], set.replica_labels), set.members[i].name);
  };
  std::vector<std::size_t> order(set.members.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  auto out = std::make_shared<ReplicaSet>();
  out->replica_labels = set.replica_labels;
  for (const std::size_t i : order) {
    out->members.push_back(std::move(set.members[i]));
    out->replicas.push_back(std::move(set.replicas[i]));
  }
  return out;
}

}  // namespace prombraid::read
