/// The background look at one replica: who it is, what it keeps, how it wants to be asked.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "replica/connections.h"
#include "replica/facts.h"

namespace prombraid::replica {

/// Three GETs, one after another on one connection: the configuration (at most 4 MiB), the build
/// and the runtime. Fails where the configuration or the build cannot be had (a 404 asks whether
/// this is a Prometheus at all); a runtime that cannot be had only leaves its facts empty.
asio::awaitable<ReadResult<ReplicaFacts>> look(Connections& connections, Endpoint endpoint,
                                               Deadline deadline);

}  // namespace prombraid::replica
