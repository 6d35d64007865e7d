/// Sends every replica of a plan its request, all at once.
#pragma once

#include <vector>

#include <boost/asio/awaitable.hpp>

#include "query/plan.h"
#include "read/inquiry.h"
#include "read/thread_context.h"

namespace prombraid::read {

/// One for each of `plan.reads`, each answered or failed, after `Settings::replica_timeout` at the
/// latest.
///
/// Not all replicas are waited for that long. A suspected one (suspicion.h) is given
/// `Settings::suspect_grace`, or not asked at all, and fails with `timeout`. The last one is given
/// `Settings::straggler_grace`, where that is set and the others cover what is asked (coverage.h),
/// and fails with `straggler`. Where fewer than `needed` answered, suspected ones are asked again
/// with all the time there is: then they are the only hope.
boost::asio::awaitable<std::vector<Opened>> open_reads(ThreadContext& context,
                                                       const ReplicaSetPtr& set,
                                                       const query::Plan& plan, std::size_t needed,
                                                       replica::Deadline deadline);

}  // namespace prombraid::read
