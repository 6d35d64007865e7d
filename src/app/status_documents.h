/// What `/api/v1/status/...` says of this process, as the `data` of Prometheus's answers of the
/// same names (web/api/v1/api.go), so that clients of its API read them.
#pragma once

#include <chrono>
#include <string>

#include <boost/json/value.hpp>

#include "app/reloader.h"
#include "config/config.h"
#include "read/sets.h"

namespace prombraid::app {

/// `version` is what clients such as Grafana judge the API's abilities by: those of the oldest
/// replica, as labels and series come from the replicas; `2.24.0`, from when on label values can be
/// selected, where no replica is known. Which build of this program it is stands beside it.
boost::json::value buildinfo(const read::Sets* sets);

/// Each flag with its value, as text.
boost::json::value flags_in_use(const config::Config& config);

/// `{"yaml":"..."}`. A proxy in front of this one reads external labels from it: there are none, as
/// the series that this process answers with carry those of their replicas already.
boost::json::value config_in_use(const config::Config& config);

/// `started` is of this process: with nanoseconds it tells one from another.
boost::json::value runtimeinfo(const config::Config& config,
                               std::chrono::system_clock::time_point started,
                               Reloader::State reloads);

}  // namespace prombraid::app
