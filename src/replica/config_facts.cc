#include "replica/config_facts.h"

#include <yaml-cpp/yaml.h>

namespace prombraid::replica {

namespace {

constexpr std::chrono::minutes default_scrape_interval{1};

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

Result<void> read(const YAML::Node& document, ReplicaFacts& facts) {
  if (!document.IsMap()) return odd("not a mapping");
  const YAML::Node global = document["global"];
  facts.scrape_interval = default_scrape_interval;
  if (global && global.IsMap()) {
    auto labels = labels_of(global["external_labels"]);
    if (!labels) return labels.error();
    facts.external_labels = std::move(*labels);
    const YAML::Node interval = global["scrape_interval"];
    if (interval && interval.IsScalar()) {
      const auto parsed = parse_duration(interval.Scalar());
      if (!parsed) return odd("global.scrape_interval is not a duration");
      facts.scrape_interval = *parsed;
    }
  }
  const YAML::Node remote = document["remote_read"];
  facts.reads_remotely = remote && remote.IsSequence() && remote.size() > 0;
  return {};
}

}  // namespace

Result<void> parse_config_yaml(std::string_view yaml, ReplicaFacts& facts) {
  // yaml-cpp throws; nothing of its message is kept, as it may quote the document.
  try {
    return read(YAML::Load(std::string(yaml)), facts);
  } catch (const YAML::Exception&) {
    return odd("not YAML");
  }
}

}  // namespace prombraid::replica
