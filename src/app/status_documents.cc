#include "app/status_documents.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "base/instant.h"
#include "config/flag_table.h"
#include "config/version.h"
#include "replica/facts.h"

namespace prombraid::app {

namespace {

namespace json = boost::json;

constexpr const char* least_api = "2.24.0";

std::string nanosecond_text(std::chrono::system_clock::time_point when) {
  using std::chrono::nanoseconds;
  const auto since = std::chrono::duration_cast<nanoseconds>(when.time_since_epoch()).count();
  std::string text = instant_text(since / 1'000'000);
  text.pop_back();
  return text + fmt::format("{:06}Z", since % 1'000'000);
}

json::string text(std::string_view from) {
  return json::string(from.data(), from.size());
}

/// In YAML's single quotes, in which a quote is written twice.
std::string in_quotes(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

/// What --help shows for a flag without a default: `NAME`, `IP:PORT`.
bool placeholder(std::string_view shown) {
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  return std::any_of(shown.begin(), shown.end(), upper) &&
         std::none_of(shown.begin(), shown.end(), lower);
}

/// What the command line says of it, else the file, else its default.
std::string in_use(const config::Config& config, const config::Flag& flag) {
  const auto given = config.given_flags.find(flag.name);
  if (given != config.given_flags.end()) return given->second;
  const auto filed = config.file_flags.find(flag.name);
  if (filed != config.file_flags.end()) return filed->second.text;
  return placeholder(flag.shown) ? "" : flag.shown;
}

}  // namespace

json::value buildinfo(const read::Sets* sets) {
  std::string oldest;
  std::optional<replica::VersionNumbers> least;
  const auto consider = [&](const read::Replica& replica) {
    const auto numbers = replica::numbers_of(replica.version);
    if (!numbers || (least && *least <= *numbers)) return;
    least = numbers;
    oldest = fmt::format("{}.{}.{}", (*numbers)[0], (*numbers)[1], (*numbers)[2]);
  };
  for (std::size_t s = 0; sets && s < sets->seats.size(); ++s) {
    const read::ReplicaSet* set = sets->seats[s].set.get();
    if (set) std::for_each(set->replicas.begin(), set->replicas.end(), consider);
  }
  const config::Version& own = config::version();
  return json::object{{"version", text(least ? oldest : least_api)},
                      {"revision", text(own.revision)},
                      {"branch", ""},
                      {"buildUser", ""},
                      {"buildDate", ""},
                      {"goVersion", ""},
                      {"application", "prombraid"},
                      {"applicationVersion", text(own.number)},
                      {"compiler", text(own.compiler)}};
}

json::value flags_in_use(const config::Config& config) {
  json::object out;
  config::Config defaults = config;
  for (const config::Flag& flag : config::flag_table(defaults)) {
    out[flag.name] = text(in_use(config, flag));
  }
  return out;
}

json::value config_in_use(const config::Config& config) {
  std::string yaml = "global:\n  external_labels: {}\nreplica_sets:\n";
  for (const config::SetConfig& set : config.sets) {
    yaml += "  - name: " + in_quotes(set.name) + "\n    replicas:\n";
    for (const std::string& address : set.replicas) yaml += "      - " + in_quotes(address) + "\n";
  }
  return json::object{{"yaml", text(yaml)}};
}

json::value runtimeinfo(const config::Config& config, std::chrono::system_clock::time_point started,
                        Reloader::State reloads) {
  std::error_code ignored;
  const std::string begun = nanosecond_text(started);
  return json::object{{"startTime", text(begun)},
                      {"CWD", text(std::filesystem::current_path(ignored).string())},
                      {"reloadConfigSuccess", reloads.successful},
                      {"lastConfigTime", text(instant_text(reloads.success_ms))},
                      {"corruptionCount", 0},
                      {"GOMAXPROCS", config.threads},
                      {"storageRetention", ""}};
}

}  // namespace prombraid::app
