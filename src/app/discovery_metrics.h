/// What discovery counted, as metrics.
#pragma once

#include "discovery/discovery.h"
#include "metrics/metrics.h"

namespace prombraid::app {

/// Copies `status` into the counters of its names; A and AAAA of one name are added up.
void count_discovery(const discovery::DiscoveryStatus& status, metrics::Metrics& metrics);

}  // namespace prombraid::app
