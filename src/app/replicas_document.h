/// What is known of the replicas, as JSON for the page and for scripts.
#pragma once

#include <boost/json/value.hpp>

#include "config/config.h"
#include "discovery/discovery.h"
#include "read/replica_set.h"

namespace prombraid::app {

/// `{"version","now","sets":[...],"dns":[...]}`; docs/api.md has all members. `set` may be null.
/// Text that a replica sent is printable by now; the page never makes markup of it.
boost::json::value replicas_document(const read::ReplicaSet* set, const config::Config& config,
                                     const discovery::DiscoveryStatus& discovery);

}  // namespace prombraid::app
