#include "query/arrival.h"

namespace prombraid::query {

Arrival::Arrival(const Member& member, const ReplicaLabels& replica_labels,
                 bool keep_replica_labels, const PostFilters& post_filters)
    : member_(member),
      replica_labels_(replica_labels),
      keep_(keep_replica_labels),
      post_filters_(post_filters) {}

bool Arrival::admit(Strand& strand) {
  for (const auto& [name, matcher] : post_filters_) {
    if (!matcher.matches(strand.labels.get(name))) return false;
  }
  if (!keep_) strand.labels.drop_if([this](Label label) { return is_replica_label(label); });
  return true;
}

bool Arrival::is_replica_label(Label label) const {
  if (!replica_labels_.contains(label.name)) return false;
  // A series may carry the name as a label of its own, with another value: that one is its
  // identity and stays. Where the external labels could not be learned the name must do.
  return !member_.external_labels || member_.external_labels->get(label.name) == label.value;
}

}  // namespace prombraid::query
