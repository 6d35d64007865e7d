/// Asks all replicas of a plan at once, and waits until each has answered, failed, or run out of
/// time: only then is it known whether there will be an answer, and the first byte can be sent.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "read/groups.h"
#include "read/sent.h"
#include "read/thread_context.h"

namespace prombraid::read {

/// `sets` and `plan` outlive the contributors. Failures are counted and logged here. `sent` goes
/// with each request.
boost::asio::awaitable<Contributors> settle(ThreadContext& context, const SetsPtr& sets,
                                            const query::Plan& plan, const Sent& sent);

/// Counts and logs what failed since `known` failures.
void tell_failures(ThreadContext& context, const Sets& sets, const query::Plan& plan,
                   const FailedReplicas& failed, std::size_t known);

}  // namespace prombraid::read
