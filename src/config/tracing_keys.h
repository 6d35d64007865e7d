/// The keys of `tracing` that no flag has: those of Prometheus's tracing_config (config/config.go).
#pragma once

#include "access/options.h"
#include "config/keys.h"

namespace prombraid::config {

/// Adds to `section`, the map of the flags `--tracing.*`, how the collector is reached. What is not
/// supported is refused by name. `out` must outlive the key.
void add_tracing_keys(Key& section, access::Options& out);

}  // namespace prombraid::config
