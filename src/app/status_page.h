/// The page at `/`: what this process reads and in what state it is, as plain text.
#pragma once

#include <string>

#include "discovery/discovery.h"
#include "read/replica_set.h"

namespace prombraid::app {

/// `set` may be null; `expected` replicas there should be, 0 where nobody said. Everything that a
/// peer said is printable by now, and as text/plain nothing of it is run by a browser.
std::string status_page(const read::ReplicaSet* set, std::size_t expected,
                        const discovery::DiscoveryStatus& discovery);

}  // namespace prombraid::app
