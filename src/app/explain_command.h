/// `prombraid explain`: one read of the replicas, told in words.
#pragma once

#include <functional>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "base/error.h"
#include "config/explain_config.h"
#include "read/thread_context.h"

namespace prombraid::app {

/// Finds the replicas, looks at each once, and asks the server's own route, in this process, for
/// the page that `X-Prombraid-Explain` gives (read/explained_answer.h). Fails with bad_request for
/// a flag that does not parse, else with what the route said.
Result<std::string> explain(config::ExplainConfig config);

/// Runs `work` over the replicas of `config.server`, once, as a server's thread would, when all of
/// them were looked at. Fails where the flags do not parse; what `work` finds is its own to keep.
using Work = std::function<boost::asio::awaitable<void>(read::ThreadContext&)>;
Result<void> with_replicas(const config::ExplainConfig& config, Work work);

}  // namespace prombraid::app
