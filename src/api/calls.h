/// Asks replicas over their HTTP API, all at once, on the thread's kept-alive connections.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "api/question.h"
#include "read/sent.h"
#include "read/thread_context.h"
#include "replica/failure.h"

namespace prombraid::api {

/// How one call ended.
struct Called {
  explicit Called(read::MemoryBudget& memory) : held(memory) {}

  replica::ReadResult<void> result;
  std::vector<std::string> warnings;  ///< the replica's own
  read::Held held;                    ///< for what `take` kept of the reply
};

/// Takes the reply to `calls[i]`; what it fails with fails the call.
using Take = std::function<Result<void>(std::size_t i, const Reply& reply)>;

/// The largest answer of a replica.
inline constexpr std::size_t max_reply_bytes = std::size_t{64} << 20;

/// One for each of `calls`, in their order. A replica that did not answer before is given a short
/// time only, as in a read (read/suspicion.h). A reply is in memory while it is read and taken,
/// drawn from the budget of all reads.
///
/// `seat` and `calls` outlive it; `passed` is the value of the header of that name (passed.h), and
/// `sent` goes with it.
boost::asio::awaitable<std::vector<Called>> call_all(read::ThreadContext& context,
                                                     const read::SetSeat& seat,
                                                     std::span<const Call> calls,
                                                     std::string passed, read::Sent sent,
                                                     Take take);

}  // namespace prombraid::api
