#include "replica/config_facts.h"

#include <algorithm>
#include <string>

#include <yaml-cpp/yaml.h>

namespace prombraid::replica {

namespace {

constexpr std::chrono::minutes default_scrape_interval{1};

/// yaml-cpp takes up to 240 bytes and 2 us for a byte of what it is given: of a whole configuration
/// of 4 MiB it made 200 MiB to 1 GiB in 1.6 to 7 s. So it is only given what is needed of it.
constexpr std::size_t max_section_bytes = 32 << 10;

constexpr std::string_view key_letters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

Error odd(const char* what) {
  return Error(ErrorKind::unsupported, std::string("configuration: ") + what);
}

Result<Labels> labels_of(const YAML::Node& external) {
  Labels::Builder labels;
  if (!external || external.IsNull()) return labels.build();
  if (!external.IsMap()) return odd("global.external_labels is not a mapping");
  for (const auto& entry : external) {
    if (!entry.first.IsScalar() || !(entry.second.IsScalar() || entry.second.IsNull())) {
      return odd("global.external_labels holds something that is not a string");
    }
    // Scalar() is the text as it stands: `"true"` and `"007"` stay the strings they are.
    labels.set(entry.first.Scalar(), entry.second.IsNull() ? "" : entry.second.Scalar());
  }
  return labels.build();
}

/// The two sections that matter, each with its key.
struct Sections {
  std::string_view global;
  std::string_view remote_read;
};

/// A server writes its configuration as a mapping in block style: keys stand at the begin of lines,
/// and what belongs to them is indented or begins with a dash (yaml.v2 and v3, Marshal).
Result<Sections> sections_of(std::string_view yaml) {
  Sections sections;
  std::string_view* section = nullptr;  // what the lines that follow belong to
  std::string_view other;
  while (!yaml.empty()) {
    const std::string_view line = yaml.substr(0, std::min(yaml.find('\n'), yaml.size() - 1) + 1);
    yaml.remove_prefix(line.size());
    if (line.find_first_of(" -#\r\n") == 0) {
      if (section != nullptr) *section = {section->data(), section->size() + line.size()};
      continue;
    }
    const std::string_view key = line.substr(0, line.find_first_not_of(key_letters));
    if (key.empty() || !line.substr(key.size()).starts_with(':')) return odd("not a mapping");
    section = key == "global"        ? &sections.global
              : key == "remote_read" ? &sections.remote_read
                                     : &other;
    *section = line;
  }
  if (section == nullptr) return odd("not a mapping");
  return sections;
}

Result<void> read_global(const YAML::Node& global, ReplicaFacts& facts) {
  if (!global || !global.IsMap()) return {};
  auto labels = labels_of(global["external_labels"]);
  if (!labels) return labels.error();
  facts.external_labels = std::move(*labels);
  const YAML::Node interval = global["scrape_interval"];
  if (!interval || !interval.IsScalar()) return {};
  const auto parsed = parse_duration(interval.Scalar());
  if (!parsed) return odd("global.scrape_interval is not a duration");
  facts.scrape_interval = *parsed;
  return {};
}

YAML::Node value_of(std::string_view section, const char* key) {
  return section.empty() ? YAML::Node() : YAML::Load(std::string(section))[key];
}

Result<void> read(const Sections& sections, ReplicaFacts& facts) {
  facts.scrape_interval = default_scrape_interval;
  if (sections.global.size() > max_section_bytes) return odd("global is too long to be read");
  auto done = read_global(value_of(sections.global, "global"), facts);
  if (!done) return done;
  // One that is so long has something in it.
  facts.reads_remotely = sections.remote_read.size() > max_section_bytes;
  if (facts.reads_remotely) return {};
  const YAML::Node remote = value_of(sections.remote_read, "remote_read");
  facts.reads_remotely = remote && remote.IsSequence() && remote.size() > 0;
  return {};
}

}  // namespace

Result<void> parse_config_yaml(std::string_view yaml, ReplicaFacts& facts) {
  const auto sections = sections_of(yaml);
  if (!sections) return sections.error();
  // yaml-cpp throws; nothing of its message is kept, as it may quote the document.
  try {
    return read(*sections, facts);
  } catch (const YAML::Exception&) {
    return odd("not YAML");
  }
}

}  // namespace prombraid::replica
