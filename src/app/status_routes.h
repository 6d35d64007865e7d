/// The routes that tell of this process itself in JSON.
#pragma once

#include <chrono>
#include <functional>

#include "app/reloader.h"
#include "app/set_table.h"
#include "read/sets.h"
#include "server/router.h"

namespace prombraid::app {

/// Called at each request, on the router's thread.
struct StatusSources {
  std::function<ConfigPtr()> config;  ///< what is in force
  std::function<read::SetsPtr()> sets;
  std::function<Reloader::State()> reloads;
  std::chrono::system_clock::time_point started;
};

/// `/api/v1/status/{buildinfo,config,flags,runtimeinfo}`, `/version`, and a 404 in JSON for all of
/// `/api/v1/` that is not served.
void add_status_routes(server::Router& router, StatusSources from);

}  // namespace prombraid::app
