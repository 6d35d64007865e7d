/// The configuration file's form, for editors and for people.
#pragma once

#include <string>
#include <vector>

#include "config/keys.h"

namespace prombraid::config {

/// A JSON schema (draft 7) of a map with these keys, which knows no others.
std::string json_schema(const std::vector<Key>& keys, const std::string& title);

/// The schema of the configuration file.
std::string config_file_schema();

}  // namespace prombraid::config
