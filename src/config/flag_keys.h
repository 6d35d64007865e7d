/// Flags as keys of the configuration file: `--read.memory-limit=1GiB` is
///
///     read:
///       memory_limit: 1GiB
///
/// so a flag that is added to the table has its key without more ado.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/config.h"
#include "config/flag_table.h"
#include "config/keys.h"

namespace prombraid::config {

using GivenFlags = std::map<std::string, std::string>;
using FileFlags = std::map<std::string, FileFlag>;

/// Keys of all `flags` but those that say where the file is and those that the keys of a set take
/// the place of. A flag in `given`, which the command line had, must not be contradicted. What is
/// set is noted in `told` under the flag's name.
std::vector<Key> flag_keys(const std::vector<Flag>& flags, const GivenFlags& given,
                           FileFlags& told);

}  // namespace prombraid::config
