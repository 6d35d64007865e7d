/// `prombraid read`: what a server answers to a remote_read, written out.
#pragma once

#include <cstdio>

#include "base/error.h"
#include "config/read_config.h"

namespace prombraid::app {

/// Reads from one server, whatever it is, and writes every sample to `out` as it comes, series by
/// series; on a terminal `errors` shows how far it is. Fails with bad_request for what was asked
/// wrongly, else with what the server or the connection said; what is out by then stays.
Result<void> read(const config::ReadConfig& config, std::FILE* out, std::FILE* errors);

}  // namespace prombraid::app
