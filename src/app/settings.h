/// From flags to what a read obeys.
#pragma once

#include "config/config.h"
#include "read/settings.h"

namespace prombraid::app {

read::Settings settings_of(const config::Config& config);

}  // namespace prombraid::app
