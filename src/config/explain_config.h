/// What `prombraid explain` was told to do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "config/config.h"

namespace prombraid::config {

struct ExplainConfig {
  Config server;                      ///< the flags that it shares with the server
  std::string match;                  ///< a series selector, as text
  std::optional<std::int64_t> start;  ///< milliseconds since the epoch; never empty once parsed
  std::int64_t end = 0;
  unsigned limit = 20;  ///< series
};

}  // namespace prombraid::config
