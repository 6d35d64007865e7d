#include "read/open_reads.h"

#include <algorithm>
#include <new>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace prombraid::read {

namespace asio = boost::asio;
using replica::Deadline;

namespace {

/// One request on its way.
struct Attempt {
  std::size_t read = 0;  ///< index into the plan's reads
  Deadline deadline;
};

asio::awaitable<Opened> ask(ThreadContext& context, const Replica& replica,
                            const wire::ReadRequest& request, Deadline deadline) {
  replica::ReadOptions options;
  options.deadline = deadline;
  options.queries = request.queries.size();
  options.max_frame_bytes = context.settings.max_frame_bytes;
  options.max_series_bytes = context.settings.max_series_bytes;
  options.max_response_bytes = context.settings.max_response_bytes;
  options.answer = context.settings.replica_answer;
  replica.counters->requests.add();
  std::string body = wire::encode_read_request(request);
  co_return co_await replica::ReadStream::open(context.connections, replica.endpoint,
                                               std::move(body), options);
}

/// A server that is newer than this program may send chunks that can't be read here. Samples it can
/// give all the same: it is asked again at once, and for nothing else from then on.
asio::awaitable<Opened> ask_as_learnt(ThreadContext& context, const Replica& replica,
                                      wire::ReadRequest request, Deadline deadline) {
  if (!replica.lessons->unknown_encoding) {
    Opened out = co_await ask(context, replica, request, deadline);
    const bool unknown =
        out.has_error() && out.error().reason == replica::FailureReason::unknown_encoding;
    if (!unknown) co_return out;
    replica.counters->failures[replica::name_of(out.error().reason)].add();
    learn(*replica.lessons, replica.endpoint.key(), out.error());
  }
  request.accepted = {static_cast<std::uint32_t>(wire::ResponseType::samples)};
  co_return co_await ask(context, replica, request, deadline);
}

asio::awaitable<void> open_one(ThreadContext& context, const Replica& replica,
                               const query::MemberRead& read, Deadline deadline, Opened& out) {
  try {
    out = co_await ask_as_learnt(context, replica, read.request, deadline);
  } catch (const std::bad_alloc&) {
    out = replica::failure_of(replica.endpoint, replica::FailureReason::limit,
                              "no memory is left for its answer");
  }
  const auto now = std::chrono::steady_clock::now();
  if (!out.has_error()) {
    replica.suspicion->clear();
    // It has answered; while the others are waited for its time stands still.
    (*out)->set_deadline(replica::no_deadline);
  } else if (out.error().reason == replica::FailureReason::timeout ||
             out.error().reason == replica::FailureReason::connect_timeout) {
    replica.suspicion->raise(now);
  }
}

asio::awaitable<void> run(ThreadContext& context, const ReplicaSet& set, const query::Plan& plan,
                          const std::vector<Attempt>& attempts, std::vector<Opened>& opened) {
  if (attempts.empty()) co_return;
  const auto executor = co_await asio::this_coro::executor;
  const auto begin = [&](const Attempt& attempt) {
    const query::MemberRead& read = plan.reads[attempt.read];
    return asio::co_spawn(
        executor,
        open_one(context, set.replicas[read.member], read, attempt.deadline, opened[attempt.read]),
        asio::deferred);
  };
  std::vector<decltype(begin(attempts[0]))> operations;
  for (const Attempt& attempt : attempts) operations.push_back(begin(attempt));
  co_await asio::experimental::make_parallel_group(std::move(operations))
      .async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
}

std::size_t answered(const std::vector<Opened>& opened) {
  return static_cast<std::size_t>(std::count_if(
      opened.begin(), opened.end(), [](const Opened& one) { return !one.has_error(); }));
}

}  // namespace

asio::awaitable<std::vector<Opened>> open_reads(ThreadContext& context, const ReplicaSet& set,
                                                const query::Plan& plan, std::size_t needed,
                                                Deadline deadline) {
  const auto now = std::chrono::steady_clock::now();
  // A request that is ended from outside leaves its place as it finds it.
  std::vector<Opened> opened;
  for (const query::MemberRead& read : plan.reads) {
    opened.emplace_back(replica::failure_of(set.replicas[read.member].endpoint,
                                            replica::FailureReason::cancelled, "given up"));
  }
  std::vector<Attempt> attempts;
  std::vector<Attempt> cut_short;
  for (std::size_t i = 0; i < plan.reads.size(); ++i) {
    const bool suspected = set.replicas[plan.reads[i].member].suspicion->suspected(now);
    if (suspected) cut_short.push_back({i, deadline});
    attempts.push_back(
        {i, suspected ? std::min(deadline, now + context.settings.suspect_grace) : deadline});
  }
  co_await run(context, set, plan, attempts, opened);
  if (answered(opened) < needed) {
    std::erase_if(cut_short, [&](const Attempt& attempt) {
      return !opened[attempt.read].has_error() ||
             opened[attempt.read].error().reason != replica::FailureReason::timeout;
    });
    co_await run(context, set, plan, cut_short, opened);
  }
  co_return opened;
}

}  // namespace prombraid::read
