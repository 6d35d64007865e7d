/// From flags to what the parts of the process obey.
#pragma once

#include <optional>

#include "api/engine.h"
#include "base/error.h"
#include "config/config.h"
#include "discovery/address.h"
#include "discovery/cares_resolver.h"
#include "discovery/discovery.h"
#include "read/replica_watch.h"
#include "read/sets.h"
#include "read/settings.h"

namespace prombraid::app {

read::Settings settings_of(const config::Config& config);
read::SetSettings set_settings_of(const config::SetConfig& set);
read::WatchOptions watch_options_of(const config::SetConfig& set, replica::ConnectOptions connect);

/// Fail with bad_request and name the flag.
Result<discovery::DiscoveryOptions> discovery_options_of(const config::Config& config,
                                                         const config::SetConfig& set);
Result<discovery::CaresOptions> cares_options_of(const config::Config& config);

/// What a worker needs of the query engine before its address is known.
Result<api::Engine> engine_of(const config::Config& config);

/// Where spans go; nothing where they go nowhere.
Result<std::optional<discovery::Address>> collector_of(const config::Config& config);

/// What `Process::start` would find wrong before it opens anything.
Result<void> check_startable(const config::Config& config);

}  // namespace prombraid::app
