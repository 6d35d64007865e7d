/// Replicas that failed a read: what is counted, logged and told to the client.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "replica/failure.h"
#include "server/http.h"

namespace prombraid::read {

struct FailedReplica {
  std::string name;
  replica::ReadFailure failure;
};

using FailedReplicas = std::vector<FailedReplica>;

/// The answer where too few replicas answered. A refusal that all of them agree on (a bad matcher,
/// their sample limit) is the client's own fault and passed on as it is; else 503 with one line a
/// replica.
server::Response refusal(const FailedReplicas& failed, std::size_t asked, std::size_t answered,
                         std::size_t needed);

/// `a:9090 (refused), b:9090 (timeout)`: for the header and the log.
std::string summary(const FailedReplicas& failed);

}  // namespace prombraid::read
