/// The command line, in the style of the Prometheus servers: long dotted flags, `--flag=value` or
/// `--flag value`, some repeatable, nothing unknown accepted.
#pragma once

#include <string>
#include <variant>

#include "config/config.h"
#include "config/host.h"

namespace prombraid::config {

/// The process has nothing to run: it prints `text` (on stdout where `code` is 0, else on stderr)
/// and ends with `code`.
struct Exit {
  int code = 0;  ///< 0 after --help and --version, 2 for a bad command line
  std::string text;
};

/// `host` gives the defaults that depend on where the process runs.
std::variant<Config, Exit> parse_flags(int argc, const char* const* argv, const HostLimits& host);

}  // namespace prombraid::config
