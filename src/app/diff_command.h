/// `prombraid diff`: where replicas that should have the same series do not.
#pragma once

#include <string>

#include "base/error.h"
#include "config/explain_config.h"

namespace prombraid::app {

struct Differences {
  std::string text;    ///< for stdout
  bool found = false;  ///< the exit code is 1 then, as diff(1)'s
};

/// Reads the replicas that `config` names and compares what each has of every series: holes, series
/// that one of them lacks, values that disagree at the same time, and by how much the scrapes of
/// one come later than those of the first. At most `config.limit` series are compared. Fails with
/// bad_request where fewer than two replicas are found.
Result<Differences> diff(const config::ExplainConfig& config);

}  // namespace prombraid::app
