/// The routes that tell of this process itself in JSON.
#pragma once

#include <chrono>
#include <functional>

#include "config/config.h"
#include "read/sets.h"
#include "server/router.h"

namespace prombraid::app {

/// `/api/v1/status/{buildinfo,config,flags,runtimeinfo}`, `/version`, and a 404 in JSON for all of
/// `/api/v1/` that is not served. `config` outlives the router; `sets` is called at each request.
void add_status_routes(server::Router& router, const config::Config& config,
                       std::chrono::system_clock::time_point started,
                       std::function<read::SetsPtr()> sets);

}  // namespace prombraid::app
