/// `${VAR}` in the few values where Prometheus expands it: those of external_labels.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/error.h"

namespace prombraid::config {

using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// Replaces `${VAR}` and `$VAR`; `$$` is `$` (os.Expand of Go, as config/config.go calls it). A
/// variable that is not set is an error here, and an empty text in Prometheus.
Result<std::string> expand(const std::string& text, const Environment& environment);

/// Of this process.
std::optional<std::string> variable_of_process(const std::string& name);

}  // namespace prombraid::config
