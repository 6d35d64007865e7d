/// Replicas that failed a read: what is counted, logged and told to the client.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/counters.h"
#include "replica/failure.h"
#include "server/http.h"

namespace prombraid::read {

struct FailedReplica {
  std::string name;
  replica::ReadFailure failure;
  std::size_t read = 0;  ///< index into the plan's reads
};

using FailedReplicas = std::vector<FailedReplica>;

/// The answer where too few replicas answered. A refusal that all of them agree on (a bad matcher,
/// their sample limit) is the client's own fault and passed on as it is; else 503 with one line a
/// replica. `set` is empty where there is only one.
server::Response refusal(const FailedReplicas& failed, std::size_t asked, std::size_t answered,
                         std::size_t needed, const std::string& set = {});

/// `a:9090 (refused), b:9090 (timeout)`: for the header and the log.
std::string summary(const FailedReplicas& failed);

/// The limit that an error of kind limit names (wire/read_limits.h); nothing for a limit that is
/// not counted.
std::optional<metrics::Limit> limit_named_in(std::string_view error);
void count_limit(metrics::ThreadCounters& counters, std::string_view error);

}  // namespace prombraid::read
