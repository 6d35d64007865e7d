/// What happens to a replica's series before it meets those of the others.
#pragma once

#include "query/member.h"
#include "query/plan.h"
#include "query/replica_labels.h"
#include "series/chunk.h"

namespace prombraid::query {

/// Takes the replica labels off one member's series and drops the series that the client's
/// matchers do not take.
class Arrival {
 public:
  /// All arguments are kept by reference and must outlive this.
  Arrival(const Member& member, const ReplicaLabels& replica_labels, bool keep_replica_labels,
          const PostFilters& post_filters);

  /// False: the series does not belong in the answer.
  bool admit(Strand& strand);

 private:
  bool is_replica_label(Label label) const;

  const Member& member_;
  const ReplicaLabels& replica_labels_;
  const bool keep_;
  const PostFilters& post_filters_;
};

}  // namespace prombraid::query
