#include "read/inquiry.h"

#include <new>
#include <utility>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

#include "read/failures.h"
#include "read/thread_context.h"

namespace prombraid::read {

namespace asio = boost::asio;
using replica::Deadline;
using replica::FailureReason;

namespace {

asio::awaitable<Opened> ask(ThreadContext& context, const Inquiry& inquiry,
                            const wire::ReadRequest& request, Deadline deadline) {
  const Replica& replica = *inquiry.replica;
  const SetSettings& limits = *inquiry.seat.settings;
  replica::ReadOptions options;
  options.deadline = deadline;
  options.queries = request.queries.size();
  options.max_frame_bytes = limits.max_frame_bytes;
  options.max_series_bytes = limits.max_series_bytes;
  options.max_response_bytes = limits.max_response_bytes;
  options.answer = context.settings.replica_answer;
  options.answer.max_answer_bytes = limits.max_response_bytes;
  options.headers = inquiry.passed;
  replica.counters->requests.add();
  std::string body = wire::encode_read_request(request);
  co_return co_await replica::ReadStream::open(*inquiry.seat.connections, replica.endpoint,
                                               std::move(body), options);
}

/// A server that is newer than this program may send chunks that can't be read here. Samples it can
/// give all the same: it is asked again at once, and for nothing else from then on.
asio::awaitable<Opened> ask_as_learnt(ThreadContext& context, const Inquiry& inquiry,
                                      wire::ReadRequest request, Deadline deadline) {
  const Replica& replica = *inquiry.replica;
  if (!replica.lessons->unknown_encoding) {
    Opened out = co_await ask(context, inquiry, request, deadline);
    const bool unknown = out.has_error() && out.error().reason == FailureReason::unknown_encoding;
    if (!unknown) co_return out;
    replica.counters->failures[replica::name_of(out.error().reason)].add();
    learn(*replica.lessons, replica.endpoint.key(), out.error());
  }
  request.accepted = {static_cast<std::uint32_t>(wire::ResponseType::samples)};
  co_return co_await ask(context, inquiry, request, deadline);
}

asio::awaitable<Opened> ask_within_memory(ThreadContext& context, const Inquiry& inquiry,
                                          wire::ReadRequest request, Deadline deadline) {
  try {
    co_return co_await ask_as_learnt(context, inquiry, std::move(request), deadline);
  } catch (const std::bad_alloc&) {
    co_return replica::failure_of(inquiry.replica->endpoint, FailureReason::limit, no_memory);
  }
}

asio::awaitable<void> bring(ThreadContext& context, std::shared_ptr<Inquiry> inquiry,
                            wire::ReadRequest request, Deadline deadline) {
  const Replica& replica = *inquiry->replica;
  Opened out = co_await ask_within_memory(context, *inquiry, std::move(request), deadline);
  if (!out.has_error()) {
    replica.suspicion->clear();
    // It has answered; while the others are waited for its time stands still.
    (*out)->set_deadline(replica::no_deadline);
  } else if (out.error().reason == FailureReason::timeout ||
             out.error().reason == FailureReason::connect_timeout) {
    replica.suspicion->raise(std::chrono::steady_clock::now());
  }
  inquiry->answer = std::move(out);
}

/// An answer that nobody waits for closes its connection here.
void end(Inquiry& inquiry) {
  if (!inquiry.told) return inquiry.answer.reset();
  if (!inquiry.answer) {
    inquiry.answer = replica::failure_of(inquiry.replica->endpoint, FailureReason::cancelled,
                                         "given up before it answered");
  }
  inquiry.told();
}

}  // namespace

void inquire(ThreadContext& context, const std::shared_ptr<Inquiry>& inquiry,
             wire::ReadRequest request, Deadline deadline, const asio::any_io_executor& executor) {
  asio::co_spawn(
      executor, bring(context, inquiry, std::move(request), deadline),
      asio::bind_cancellation_slot(inquiry->stop.slot(),
                                   [inquiry](const std::exception_ptr&) { end(*inquiry); }));
}

void put_on_trial(ThreadContext& context, const std::shared_ptr<Inquiry>& inquiry,
                  wire::ReadRequest request, Deadline deadline,
                  const asio::any_io_executor& executor) {
  std::erase_if(context.trials, [](const auto& trial) { return trial.expired(); });
  context.trials.push_back(inquiry);
  asio::co_spawn(
      executor, bring(context, inquiry, std::move(request), deadline),
      asio::bind_cancellation_slot(inquiry->stop.slot(), [inquiry](const std::exception_ptr&) {
        inquiry->replica->suspicion->end_trial();
        end(*inquiry);
      }));
}

void end_trials(ThreadContext& context) {
  for (const auto& trial : std::exchange(context.trials, {})) {
    if (const auto inquiry = trial.lock()) inquiry->stop.emit(asio::cancellation_type::terminal);
  }
}

}  // namespace prombraid::read
