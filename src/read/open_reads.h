/// Sends every replica of a plan its request, all at once.
#pragma once

#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "query/plan.h"
#include "read/groups.h"
#include "read/inquiry.h"
#include "read/sent.h"
#include "read/thread_context.h"

namespace prombraid::read {

/// One for each of `plan.reads`, each answered or failed, after its set's time-out at the latest.
/// `sent` goes with each request. Its span ends here where it fails, and is put into `spans`, at
/// the same place, where it is answered.
///
/// Not all replicas are waited for that long. A suspected one (suspicion.h) is given
/// `Settings::suspect_grace`, or not asked at all, and fails with `timeout`. The last one is given
/// `Settings::straggler_grace`, where that is set and the others cover what is asked (coverage.h),
/// and fails with `straggler`. Where fewer of a set answered than are needed, suspected ones are
/// asked again with all the time there is: then they are the only hope.
boost::asio::awaitable<std::vector<Opened>> open_reads(ThreadContext& context, const SetsPtr& sets,
                                                       const query::Plan& plan,
                                                       const std::vector<SetShare>& shares,
                                                       const Sent& sent,
                                                       std::vector<ReplicaSpan>& spans);

}  // namespace prombraid::read
