/// What discovery counted, as metrics.
#pragma once

#include "discovery/discovery.h"
#include "metrics/metrics.h"

namespace prombraid::app {

/// Copies `status`, of all sets, into the counters of its names; A and AAAA of one name are added
/// up. Names that are looked up no more, such as the targets that an SRV name had, are dropped.
void count_discovery(const discovery::DiscoveryStatus& status, metrics::Metrics& metrics);

}  // namespace prombraid::app
