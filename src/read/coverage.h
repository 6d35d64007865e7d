/// Whether a read may do without its last replica. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "query/plan.h"
#include "read/replica_set.h"

namespace prombraid::read {

/// The replicas that a plan asks, `asked[i]` for `plan.reads[i]`.
using AskedReplicas = std::span<const std::shared_ptr<const Replica>>;

/// True where, for each query that `last` was asked, another replica of its set has answered whose
/// process has run since before the first sample asked for. So no restart of it can have left a
/// hole there.
///
/// It is the most that is known before the first byte, and no proof: scrapes that failed without a
/// restart leave holes too, and a replica that was restarted after it was last looked at (30 s ago
/// at most) is taken for the one that it was. That is why a read does without its last replica only
/// where it is told to (`--read.straggler-grace`).
bool covered_without(AskedReplicas asked, const query::Plan& plan,
                     const std::vector<bool>& answered, std::size_t last);

}  // namespace prombraid::read
