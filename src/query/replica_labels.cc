#include "query/replica_labels.h"

#include <algorithm>

namespace prombraid::query {

ReplicaLabels::ReplicaLabels(std::vector<std::string> configured)
    : fixed_(!configured.empty()), names_(std::move(configured)) {
  if (!fixed_) names_ = {"prometheus_replica", "replica"};
  std::sort(names_.begin(), names_.end());
  note_lengths();
}

void ReplicaLabels::note_lengths() {
  lengths_ = 0;
  for (const std::string& name : names_) lengths_ |= std::uint64_t{1} << length_of(name);
}

bool ReplicaLabels::insert(std::string_view name) {
  const auto at = std::lower_bound(names_.begin(), names_.end(), name);
  if (at != names_.end() && *at == name) return false;
  names_.emplace(at, name);
  note_lengths();
  return true;
}

bool ReplicaLabels::learn(std::span<const Member> members) {
  if (fixed_) return false;
  const auto first = std::find_if(members.begin(), members.end(),
                                  [](const Member& m) { return m.external_labels.has_value(); });
  if (first == members.end()) return false;
  bool found = false;
  for (const Member& member : members) {
    if (!member.external_labels) continue;
    for (const Label label : *member.external_labels) {
      if (first->external_labels->get(label.name) != label.value) found |= insert(label.name);
    }
    for (const Label label : *first->external_labels) {
      if (member.external_labels->get(label.name) != label.value) found |= insert(label.name);
    }
  }
  return found;
}

bool ReplicaLabels::find(std::string_view name) const {
  return std::find(names_.begin(), names_.end(), name) != names_.end();
}

std::string rank_key(const Member& member, const ReplicaLabels& replica_labels) {
  if (member.external_labels) {
    for (const std::string& name : replica_labels.names()) {
      const std::string_view value = member.external_labels->get(name);
      if (!value.empty()) return std::string(value);
    }
  }
  return member.name;
}

}  // namespace prombraid::query
