#include <algorithm>
#include <string_view>

#include "base/instant.h"
#include "config/flag_table.h"
#include "config/units.h"

namespace prombraid::config {

namespace {

/// What only a process that serves has a use for.
bool serves(const Flag& flag) {
  static constexpr std::string_view names[] = {
      "replicas.expected",         "dns.refresh-interval",
      "read.max-response-bytes",   "threads",
      "limits.request-bytes",      "limits.queries-per-request",
      "limits.matchers-per-query", "limits.matcher-bytes",
      "limits.series-per-read",    "log.slow-reads"};
  return flag.group == "Web" || flag.group == "Queries" ||
         flag.name.starts_with("config.auto-reload") || flag.name.starts_with("storage.remote.") ||
         std::find(std::begin(names), std::end(names), flag.name) != std::end(names);
}

template <class T>
FlagSetter instant(T& out) {
  return [&out](const std::string& text) -> Result<void> {
    const auto parsed = parse_instant(text);
    if (parsed.has_error()) return parsed.error();
    out = *parsed;
    return {};
  };
}

std::vector<Flag> own_flags(ExplainConfig& c) {
  const std::string group = "What to explain";
  std::vector<Flag> flags;
  flags.push_back({group, "match", "SELECTOR", false,
                   "The series, as PromQL selects them: 'up{job=\"x\",instance=~\"a.*\"}'. "
                   "Required.",
                   [&c](const std::string& text) -> Result<void> {
                     c.match = text;
                     return {};
                   }});
  flags.push_back({group, "start", "TIME", false,
                   "Where the range begins: 2026-03-02T01:05:00Z or seconds since 1970. Without it "
                   "an hour before the end.",
                   instant(c.start)});
  flags.push_back({group, "end", "TIME", false, "Where it ends. Without it now.", instant(c.end)});
  flags.push_back({group, "limit", std::to_string(c.limit), false,
                   "How many series are explained at most; there may be more.",
                   [&c](const std::string& text) -> Result<void> {
                     const auto count = parse_count(text);
                     if (count.has_error()) return count.error();
                     if (*count < 1 || *count > 10'000) {
                       return Error(ErrorKind::bad_request, "must be between 1 and 10000");
                     }
                     c.limit = static_cast<unsigned>(*count);
                     return {};
                   }});
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
