/// What of a configuration can take the place of another one while the process runs.
#pragma once

#include "base/error.h"
#include "config/config.h"

namespace prombraid::app {

/// Sets, tenants, limits of reads and DNS can. Fails with bad_request where anything else differs,
/// and names the first such flag: it was given to threads and sockets when they were made.
Result<void> check_reloadable(const config::Config& now, const config::Config& next);

}  // namespace prombraid::app
