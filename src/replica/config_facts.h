/// The one place that reads YAML of others: a replica's configuration.
#pragma once

#include <string_view>

#include "base/error.h"
#include "replica/facts.h"

namespace prombraid::replica {

/// Keeps of a Prometheus configuration its external labels, its scrape interval (1m where it says
/// nothing) and whether it has remote_read. Errors: unsupported; they never quote the document,
/// which can hold secrets.
Result<void> parse_config_yaml(std::string_view yaml, ReplicaFacts& facts);

}  // namespace prombraid::replica
