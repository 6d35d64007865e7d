/// What the HTTP edge counted, as metrics.
#pragma once

#include <span>

#include "metrics/families.h"
#include "server/counters.h"

namespace prombraid::app {

/// Adds up the counters of all threads' servers. Every refusal is there from 0.
void show_http(metrics::Families& out, std::span<const server::ServerCounters* const> servers);

}  // namespace prombraid::app
