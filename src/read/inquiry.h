/// One request to one replica, on its way.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "read/replica_span.h"
#include "read/sent.h"
#include "read/sets.h"
#include "replica/read_stream.h"
#include "wire/request.h"

namespace prombraid::read {

struct ThreadContext;

using Opened = replica::ReadResult<std::unique_ptr<replica::ReadStream>>;

/// Shared by the read that waits for the answer and the coroutine that brings it, which may go on
/// when the read does not wait any longer (suspicion.h). All on one thread.
struct Inquiry {
  /// `asked` keeps all sets alive, and `its` seat is one of them.
  Inquiry(std::shared_ptr<const Replica> asked, const SetSeat& its, const Sent& sent)
      : replica(std::move(asked)),
        seat(its),
        span(sent.trace, seat, *replica, "POST " + replica->endpoint.path),
        passed(sent.lines + span.lines()) {}

  const std::shared_ptr<const Replica> replica;
  const SetSeat& seat;
  ReplicaSpan span;
  const std::string passed;  ///< header lines
  std::optional<Opened> answer;
  std::function<void()> told;  ///< called when the answer is there; empty: nobody waits for it
  boost::asio::cancellation_signal stop;
};

/// Sends the request, now. What the replica's answer, or its silence until `deadline`, says about
/// the reads to come is learnt here, whoever waits.
void inquire(ThreadContext& context, const std::shared_ptr<Inquiry>& inquiry,
             wire::ReadRequest request, replica::Deadline deadline,
             const boost::asio::any_io_executor& executor);

/// The same for a suspected replica that is not on trial: until the answer is there, it is.
void put_on_trial(ThreadContext& context, const std::shared_ptr<Inquiry>& inquiry,
                  wire::ReadRequest request, replica::Deadline deadline,
                  const boost::asio::any_io_executor& executor);

/// Ends the trials that this thread's reads have left behind, so that its loop can end.
void end_trials(ThreadContext& context);

}  // namespace prombraid::read
