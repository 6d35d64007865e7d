/// All sets of replicas as the reads of one thread find them.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "discovery/endpoint.h"
#include "query/plan.h"
#include "query/set_view.h"
#include "read/replica_set.h"
#include "replica/connections.h"

namespace prombraid::read {

/// What the reads of one set obey; shared by all threads.
struct SetSettings {
  std::string name = "default";
  query::SetRules rules;

  std::chrono::milliseconds replica_timeout{30'000};
  std::size_t min_replicas = 1;                           ///< 0: an answer may do without the set
  std::size_t max_frame_bytes = std::size_t{64} << 20;    ///< of a replica
  std::size_t max_series_bytes = std::size_t{512} << 20;  ///< of a replica's series, all its frames
  std::size_t max_response_bytes = std::size_t{256} << 20;  ///< SAMPLES of a replica, compressed
};

struct SetSeat {
  std::shared_ptr<const SetSettings> settings;
  std::shared_ptr<replica::Connections> connections;      ///< this thread's, to this set alone
  ReplicaSetPtr set;                                      ///< null: nothing is known of it yet
  std::function<void(const discovery::Endpoint&)> nudge;  ///< a connection to it was refused
};

/// Immutable. A read goes on with the one that it began with, whatever is loaded anew meanwhile.
struct Sets {
  std::vector<SetSeat> seats;  ///< in the order of the configuration

  const Replica& replica(const query::MemberRead& read) const {
    return seats[read.set].set->replicas[read.member];
  }
  const query::Member& member(const query::MemberRead& read) const {
    return seats[read.set].set->members[read.member];
  }

  /// How errors call it: `10.0.0.7:9090`, where there are several sets `eu/10.0.0.7:9090`.
  std::string name_of(const query::MemberRead& read) const;

  /// A replica of some set is known.
  bool any_replica() const;

  /// The sets that `plan` would ask, had they a replica. Fails with unavailable where the answer
  /// may not do without one of them.
  Result<std::vector<std::string>> without_replicas(const query::Plan& plan) const;

  /// As a plan sees them; valid as long as this is.
  std::vector<query::SetView> views() const;
};

/// Unavailable. `set` is empty where there is only one.
Error no_replica(const std::string& set);

using SetsPtr = std::shared_ptr<const Sets>;

}  // namespace prombraid::read
