/// The replicas as a read finds them: an immutable snapshot, shared by all threads.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "discovery/endpoint.h"
#include "metrics/counters.h"
#include "query/member.h"
#include "query/replica_labels.h"
#include "read/lessons.h"
#include "read/suspicion.h"

namespace prombraid::read {

struct Replica {
  discovery::Endpoint endpoint;
  std::shared_ptr<metrics::ReplicaCounters> counters;
  std::shared_ptr<Suspicion> suspicion;
  std::shared_ptr<Lessons> lessons;

  /// For people: what is known of it, and what it last said where that was an error.
  std::string version;
  std::string problem;
  bool several = false;  ///< different processes answer at this address

  /// Since when its process has run, as last looked at; unknown where it does not say or was not
  /// well. Milliseconds since the epoch.
  std::optional<std::int64_t> running_since{};
};

/// `members[i]` is what a plan must know of `replicas[i]`. Ordered by rank: the merge prefers the
/// first. The order comes from what the replicas are and not from when they were found, so two
/// proxies, or one proxy before and after a restart, give the same answer.
struct ReplicaSet {
  std::vector<Replica> replicas;
  std::vector<query::Member> members;
  query::ReplicaLabels replica_labels;
};

using ReplicaSetPtr = std::shared_ptr<const ReplicaSet>;

/// The same set in the order of rank.
ReplicaSetPtr ranked(ReplicaSet set);

}  // namespace prombraid::read
