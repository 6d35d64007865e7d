#include <algorithm>
#include <string_view>

#include "config/flag_setters.h"

namespace prombraid::config {

using namespace setters;

namespace {

/// What only a process that serves has a use for.
bool serves(const Flag& flag) {
  static constexpr std::string_view names[] = {
      "replicas.expected",         "dns.refresh-interval",
      "read.max-response-bytes",   "threads",
      "limits.request-bytes",      "limits.queries-per-request",
      "limits.matchers-per-query", "limits.matcher-bytes",
      "limits.series-per-read",    "log.slow-reads"};
  return flag.group == "Web" || flag.group == "Queries" || flag.group == "Tracing" ||
         flag.name.starts_with("config.auto-reload") || flag.name.starts_with("storage.remote.") ||
         std::find(std::begin(names), std::end(names), flag.name) != std::end(names);
}

std::vector<Flag> own_flags(ExplainConfig& c) {
  const std::string group = "What to explain";
  std::vector<Flag> flags = selection_flags(group, c);
  flags.push_back({group, "limit", std::to_string(c.limit), false,
                   "How many series are explained at most; there may be more.",
                   count(c.limit, 1, 10'000)});
  return flags;
}

}  // namespace

std::vector<Flag> explain_flag_table(ExplainConfig& config) {
  std::vector<Flag> flags = own_flags(config);
  for (Flag& flag : flag_table(config.server)) {
    if (serves(flag)) continue;
    if (flag.name == "log.level") flag.shown = "warn";
    flags.push_back(std::move(flag));
  }
  return flags;
}

}  // namespace prombraid::config
