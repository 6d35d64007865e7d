/// The command line, in the style of the Prometheus servers: long dotted flags, `--flag=value` or
/// `--flag value`, some repeatable, nothing unknown accepted.
#pragma once

#include <string>
#include <variant>

#include "config/config.h"
#include "config/explain_config.h"
#include "config/host.h"
#include "config/read_config.h"

namespace prombraid::config {

/// The process has nothing to run: it prints `text` (on stdout where `code` is 0, else on stderr)
/// and ends with `code`.
struct Exit {
  int code = 0;  ///< 0 after --help and --version, 2 for a bad command line
  std::string text;
};

/// The one line that says what was wrong.
std::string fault_of(const Exit& exit);

/// `host` gives the defaults that depend on where the process runs.
std::variant<Config, Exit> parse_flags(int argc, const char* const* argv, const HostLimits& host);

/// True where the first argument is the word `explain`: then the rest is for the function below.
bool asks_explain(int argc, const char* const* argv);

/// `prombraid explain <flags>` and `prombraid diff <flags>`: the server's flags, without those that
/// only a server has a use for, and its own. `now`, in milliseconds since the epoch, is the default
/// of `--end`.
std::variant<ExplainConfig, Exit> parse_explain_flags(int argc, const char* const* argv,
                                                      const HostLimits& host, std::int64_t now);

/// `prombraid read <flags>`.
std::variant<ReadConfig, Exit> parse_read_flags(int argc, const char* const* argv,
                                                std::int64_t now);

}  // namespace prombraid::config
