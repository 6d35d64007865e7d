/// Sends every replica of a plan its request, all at once.
#pragma once

#include <memory>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "query/plan.h"
#include "read/thread_context.h"
#include "replica/read_stream.h"

namespace prombraid::read {

using Opened = replica::ReadResult<std::unique_ptr<replica::ReadStream>>;

/// One for each of `plan.reads`, each answered or failed, after `deadline` at the latest.
///
/// A suspected replica (suspicion.h) is given `Settings::suspect_grace`. Where fewer than `needed`
/// answered, those that were cut short are asked again with all the time there is: then they are
/// the only hope.
boost::asio::awaitable<std::vector<Opened>> open_reads(ThreadContext& context,
                                                       const ReplicaSet& set,
                                                       const query::Plan& plan, std::size_t needed,
                                                       replica::Deadline deadline);

}  // namespace prombraid::read
