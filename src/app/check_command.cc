#include "app/check_command.h"

#include <string_view>

#include "app/probe.h"
#include "app/settings.h"
#include "config/flags.h"
#include "config/schema.h"
#include "config/units.h"
#include "guard/web_guard.h"
#include "server/listen_address.h"

namespace prombraid::app {

namespace {

constexpr const char* usage =
    "usage: prombraid check config FILE\n"
    "       prombraid check healthy|ready [--url=URL] [--timeout=TIME]\n"
    "       prombraid check web-config FILE\n"
    "       prombraid check schema\n\n"
    "config: whether a server would start with --config.file=FILE, and if not,\n"
    "        the line that is wrong. Exit codes: 0 it would, 1 it would not.\n"
    "web-config: the same for --web.config.file=FILE, with its certificates.\n"
    "healthy, ready: what /-/healthy or /-/ready of a running process says, by\n"
    "        default of http://127.0.0.1:9201, within 5s. Exit codes: 0 it is, 1 it is\n"
    "        not or does not answer.\n"
    "schema: prints the JSON schema of that file, for editors.\n";

Result<config::Config> load(const char* file) {
  const char* const line[] = {"prombraid", "--config.file", file};
  auto parsed = config::parse_flags(3, line, config::HostLimits());
  if (auto* exit = std::get_if<config::Exit>(&parsed)) {
    return Error(ErrorKind::bad_request, config::fault_of(*exit));
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

/// `words` is the command line behind `healthy` or `ready`.
Verdict check_running(const std::string& what, std::span<const char* const> words) {
  std::string url = "http://127.0.0.1:9201";
  std::chrono::milliseconds timeout{5'000};
  for (const std::string_view word : words) {
    constexpr std::string_view url_flag = "--url=";
    constexpr std::string_view timeout_flag = "--timeout=";
    if (word.starts_with(url_flag)) {
      url = word.substr(url_flag.size());
    } else if (word.starts_with(timeout_flag)) {
      const auto parsed = config::parse_duration(word.substr(timeout_flag.size()));
      if (parsed.has_error()) return {2, {}, "prombraid: error: " + parsed.error().what + "\n"};
      timeout = *parsed;
    } else {
      return {2, {}, usage};
    }
  }
  const auto said = probe(url, "/-/" + what, timeout);
  if (said.has_error()) {
    const bool own_fault = said.error().kind == ErrorKind::bad_request;
    return {own_fault ? 2 : 1, {}, "prombraid: error: " + said.error().what + "\n"};
  }
  const std::string line = said->text + "\n";
  if (said->status == 200) return {0, line, {}};
  return {1, {}, std::to_string(said->status) + " " + line};
}

Verdict check_web_config(const char* file) {
  Verdict verdict;
  verdict.out = std::string("Checking ") + file + "\n";
  if (auto fit = guard::WebGuard::check(file); fit.has_error()) {
    verdict.code = 1;
    verdict.errors = "  FAILED: " + fit.error().what + "\n";
    return verdict;
  }
  verdict.out += "  SUCCESS\n";
  return verdict;
}

}  // namespace

Verdict check_command(std::span<const char* const> words) {
  const std::string_view what = words.empty() ? "" : words[0];
  if (what == "config" && words.size() == 2) return check_config(words[1]);
  if (what == "healthy" || what == "ready") {
    return check_running(std::string(what), words.subspan(1));
  }
  if (what == "web-config" && words.size() == 2) return check_web_config(words[1]);
  if (what == "schema" && words.size() == 1) return {0, config::config_file_schema(), {}};
  if (what == "--help" || what == "-h") return {0, usage, {}};
  return {2, {}, usage};
}

}  // namespace prombraid::app
