#include "app/reload_rules.h"

#include <algorithm>
#include <map>
#include <string>

namespace prombraid::app {

namespace {

/// What every read looks at when it comes, and what belongs to the sets.
bool takes_effect(const std::string& flag) {
  static constexpr std::string_view fixed[] = {"read.memory-limit", "limits.request-bytes"};
  if (std::find(std::begin(fixed), std::end(fixed), flag) != std::end(fixed)) return false;
  return flag.starts_with("read.") || flag.starts_with("limits.") || flag.starts_with("dns.") ||
         flag.starts_with("replica") || flag == "storage.remote.read-sample-limit";
}

std::map<std::string, std::string> said_by(const config::Config& config) {
  std::map<std::string, std::string> out = config.given_flags;
  for (const auto& [name, flag] : config.file_flags) out.emplace(name, flag.text);
  return out;
}

}  // namespace

Result<void> check_reloadable(const config::Config& now, const config::Config& next) {
  auto before = said_by(now);
  auto after = said_by(next);
  for (const auto& [flag, text] : before) after.try_emplace(flag);
  for (const auto& [flag, text] : after) {
    if (takes_effect(flag) || before[flag] == text) continue;
    return Error(
        ErrorKind::bad_request,
        next.config_file + ": --" + flag +
            " can't change while the process runs: restart it, or put back what was there");
  }
  if (now.tracing_access != next.tracing_access) {
    return Error(ErrorKind::bad_request,
                 next.config_file +
                     ": the headers or the TLS of tracing can't change while the "
                     "process runs: restart it, or put back what was there");
  }
  return {};
}

}  // namespace prombraid::app
