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

/// What is said of a replica where an allocation for its answer failed: that is its failure, and
/// not the end of the read.
inline constexpr const char* no_memory = "no memory is left for its answer";

/// The status that all of `asked` replicas refused the request with, where that is the client's to
/// mend: 400 and 422 always; 401 and 403 where headers of the client are `passed` on, so that it is
/// its own credentials, or its tenant, that they refuse.
std::optional<unsigned> agreed_status(const FailedReplicas& failed, std::size_t asked, bool passed);

/// The answer where too few replicas answered. A refusal that all of them agree on is passed on as
/// it is, with how to log in; else 503 with one line a replica. `set` is empty where there is only
/// one.
server::Response refusal(const FailedReplicas& failed, std::size_t asked, std::size_t answered,
                         std::size_t needed, const std::string& set = {}, bool passed = false);

/// `a:9090 (refused), b:9090 (timeout)`: for the header and the log.
std::string summary(const FailedReplicas& failed);

/// The limit that an error of kind limit names (wire/read_limits.h); nothing for a limit that is
/// not counted.
std::optional<metrics::Limit> limit_named_in(std::string_view error);
void count_limit(metrics::ThreadCounters& counters, std::string_view error);

}  // namespace prombraid::read
