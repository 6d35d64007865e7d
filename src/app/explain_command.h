/// `prombraid explain`: one read of the replicas, told in words.
#pragma once

#include <string>

#include "base/error.h"
#include "config/explain_config.h"

namespace prombraid::app {

/// Finds the replicas, looks at each once, and asks the server's own route, in this process, for
/// the page that `X-Prombraid-Explain` gives (read/explained_answer.h). Fails with bad_request for
/// a flag that does not parse, else with what the route said.
Result<std::string> explain(config::ExplainConfig config);

}  // namespace prombraid::app
