/// The page at `/`: what this process reads and in what state it is, as plain text.
#pragma once

#include <span>
#include <string>

#include "discovery/discovery.h"
#include "read/replica_set.h"

namespace prombraid::app {

struct SetStatus {
  std::string name;
  read::ReplicaSetPtr set;   ///< null: nothing is known yet
  std::size_t expected = 0;  ///< replicas that there should be; 0: nobody said
  discovery::DiscoveryStatus discovery;
};

/// Everything that a peer said is printable by now, and as text/plain nothing of it is run by a
/// browser.
std::string status_page(std::span<const SetStatus> sets);

}  // namespace prombraid::app
