#include "config/config_file.h"

#include <algorithm>

#include "config/flag_keys.h"
#include "config/set_keys.h"
#include "config/tracing_keys.h"
#include "config/yaml.h"

namespace prombraid::config {

namespace {

Result<void> read_set(const YamlNode& node, Config& config) {
  SetConfig set = set_of_flags(config);
  if (auto read = read_keys(node, set_keys(set)); read.has_error()) return read;
  if (auto fit = check_set(node, set); fit.has_error()) return fit;
  const bool known = std::any_of(config.sets.begin(), config.sets.end(),
                                 [&](const SetConfig& other) { return other.name == set.name; });
  if (known)
    return node.find("name")->value.error("another set is called '" + set.name +
                                          "' too: give one of them another name");
  config.sets.push_back(std::move(set));
  return {};
}

Result<void> read_sets(const YamlNode& node, Config& config) {
  auto items = node.as_list();
  if (items.has_error()) return std::move(items).error();
  if ((*items)->empty()) return node.error("must name at least one set");
  if (!config.replicas.empty()) {
    return node.error(
        "contradicts --replicas of the command line, which makes a set of its own: keep one of "
        "them");
  }
  for (const YamlEntry& item : **items) {
    if (auto read = read_set(item.value, config); read.has_error()) return read;
  }
  return {};
}

Result<void> read_tenants(const YamlNode& node, Config& config) {
  if (auto read = read_keys(node, tenants_keys(config.tenants)); read.has_error()) return read;
  return check_tenants(node, config.tenants);
}

/// An ignored matcher holds nobody to anything.
Result<void> check_enforced(const YamlNode& file, const Config& config) {
  const std::string& name = config.tenants.enforce_label.name;
  const auto& ignored = config.read_ignore_matchers_on;
  if (name.empty() || std::find(ignored.begin(), ignored.end(), name) == ignored.end()) return {};
  return file.find("tenants")->value.error("enforce_label is on '" + name +
                                           "', and read.ignore_matchers_on has it too: every "
                                           "tenant would see all. Take it out there");
}

/// Two headers of one name, of which each server would believe another one.
Result<void> check_passed(const YamlNode& file, const Config& config) {
  const auto& passed = config.tenants.pass_headers;
  const bool passes = std::any_of(passed.begin(), passed.end(), [](const std::string& name) {
    static constexpr std::string_view wanted = "authorization";
    return std::equal(name.begin(), name.end(), wanted.begin(), wanted.end(),
                      [](char a, char b) { return (a | 0x20) == b; });
  });
  if (!passes) return {};
  for (const SetConfig& set : config.sets) {
    const access::Options& own = set.access;
    if (!own.basic_auth && !own.authorization && !own.oauth2) continue;
    return file.find("tenants")->value.error("pass_headers has Authorization, and the set '" +
                                             set.name + "' has credentials of its own: keep one");
  }
  return {};
}

}  // namespace

SetConfig set_of_flags(const Config& config) {
  SetConfig set;
  set.replicas = config.replicas;
  set.replica_labels = config.replica_labels;
  set.min_replicas = config.read_min_replicas;
  set.expected_replicas = config.replicas_expected;
  set.connect_timeout = config.replica_connect_timeout;
  set.timeout = config.replica_timeout;
  set.max_frame_bytes = config.replica_max_frame_bytes;
  set.max_series_bytes = config.replica_max_series_bytes;
  set.max_response_bytes = config.read_max_response_bytes;
  return set;
}

std::vector<Key> file_keys(Config& config, const std::vector<Flag>& flags) {
  Key sets{"replica_sets", ValueType::maps,
           "Sets of replicas; within one the replicas hold the same series. A read asks all sets "
           "that may have something for it, and series of all of them are one answer.",
           [&config](const YamlNode& node) { return read_sets(node, config); }};
  sets.inner = [&config] {
    static SetConfig shown;
    shown = set_of_flags(config);
    return set_keys(shown);
  };
  Key tenants{"tenants", ValueType::map, "Who may see what.",
              [&config](const YamlNode& node) { return read_tenants(node, config); }};
  tenants.inner = [] {
    static Tenants shown;
    return tenants_keys(shown);
  };
  std::vector<Key> keys{std::move(sets), std::move(tenants)};
  for (Key& key : flag_keys(flags, config.given_flags, config.file_flags)) {
    if (key.name == "tracing") add_tracing_keys(key, config.tracing_access);
    keys.push_back(std::move(key));
  }
  return keys;
}

Result<void> read_config_file(Config& config, const std::vector<Flag>& flags) {
  auto file = load_yaml(config.config_file);
  if (file.has_error()) return std::move(file).error();
  if (file->kind == YamlNode::Kind::nothing) return {};
  // Sets begin with what the rest of the file says, wherever it stands.
  const auto sets =
      std::find_if(file->entries.begin(), file->entries.end(),
                   [](const YamlEntry& entry) { return entry.key == "replica_sets"; });
  if (sets != file->entries.end()) std::rotate(sets, sets + 1, file->entries.end());
  auto read = read_keys(*file, file_keys(config, flags));
  if (read.has_error()) return read;
  if (auto fit = check_passed(*file, config); fit.has_error()) return fit;
  return check_enforced(*file, config);
}

}  // namespace prombraid::config
