/// What `prombraid explain` was told to do.
#pragma once

#include "config/config.h"
#include "config/selection.h"

namespace prombraid::config {

struct ExplainConfig : Selection {
  Config server;        ///< the flags that it shares with the server
  unsigned limit = 20;  ///< series
};

}  // namespace prombraid::config
