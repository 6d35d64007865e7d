#include "app/check_command.h"

#include <string_view>

#include "app/settings.h"
#include "config/flags.h"
#include "config/schema.h"
#include "server/listen_address.h"

namespace prombraid::app {

namespace {

constexpr const char* usage =
    "usage: prombraid check config FILE\n"
    "       prombraid check schema\n\n"
    "config: whether a server would start with --config.file=FILE, and if not,\n"
    "        the line that is wrong. Exit codes: 0 it would, 1 it would not.\n"
    "schema: prints the JSON schema of that file, for editors.\n";

Result<config::Config> load(const char* file) {
  const char* const line[] = {"prombraid", "--config.file", file};
  auto parsed = config::parse_flags(3, line, config::HostLimits());
  if (auto* exit = std::get_if<config::Exit>(&parsed)) {
    std::string_view what = exit->text;
    constexpr std::string_view begin = "prombraid: error: ";
    if (what.starts_with(begin)) what.remove_prefix(begin.size());
    return Error(ErrorKind::bad_request, std::string(what.substr(0, what.find('\n'))));
  }
  return std::get<config::Config>(std::move(parsed));
}

Verdict check_config(const char* file) {
  Verdict verdict;
  verdict.out = std::string("Checking ") + file + "\n";
  auto config = load(file);
  auto fit = config.has_error() ? Result<void>(config.error()) : check_startable(*config);
  if (fit.has_error()) {
    verdict.code = 1;
    verdict.errors = "  FAILED: " + fit.error().what + "\n";
    return verdict;
  }
  std::size_t addresses = 0;
  for (const config::SetConfig& set : config->sets) addresses += set.replicas.size();
  verdict.out += "  SUCCESS: replica sets: " + std::to_string(config->sets.size()) +
                 ", addresses: " + std::to_string(addresses) + "\n";
  return verdict;
}

}  // namespace

Verdict check_command(std::span<const char* const> words) {
  const std::string_view what = words.empty() ? "" : words[0];
  if (what == "config" && words.size() == 2) return check_config(words[1]);
  if (what == "schema" && words.size() == 1) return {0, config::config_file_schema(), {}};
  if (what == "--help" || what == "-h") return {0, usage, {}};
  return {2, {}, usage};
}

}  // namespace prombraid::app
