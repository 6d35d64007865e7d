/// The keys of `replica_sets` and of `tenants`.
#pragma once

#include <vector>

#include "config/keys.h"
#include "config/set_config.h"
#include "config/tenants.h"

namespace prombraid::config {

/// What `out` holds now are the defaults.
std::vector<Key> set_keys(SetConfig& out);
std::vector<Key> tenants_keys(Tenants& out);

/// What no key can see alone: keys of `map` that contradict one another.
Result<void> check_set(const YamlNode& map, const SetConfig& set);
Result<void> check_tenants(const YamlNode& map, const Tenants& tenants);

}  // namespace prombraid::config
