/// The configuration file: sets of replicas, tenants, and what flags say otherwise.
#pragma once

#include <string>
#include <vector>

#include "config/config.h"
#include "config/flag_table.h"
#include "config/keys.h"

namespace prombraid::config {

/// All keys of the file, which set `config`; it must outlive them. `flags` are the table of the
/// same `config`.
std::vector<Key> file_keys(Config& config, const std::vector<Flag>& flags);

/// Reads `config.config_file` into `config`, in which the flags are set by now. Sets begin with
/// what the flags say. Fails with bad_request and the place of the first fault.
Result<void> read_config_file(Config& config, const std::vector<Flag>& flags);

/// The one set that the flags make where there is no file, or a file without `replica_sets`.
SetConfig set_of_flags(const Config& config);

}  // namespace prombraid::config
