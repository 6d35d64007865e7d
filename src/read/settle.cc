#include "read/settle.h"

#include <algorithm>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "log/log.h"

namespace prombraid::read {

namespace asio = boost::asio;
using Opened = replica::ReadResult<std::unique_ptr<replica::ReadStream>>;

namespace {

asio::awaitable<void> open_one(ThreadContext& context, const Replica& replica,
                               const query::MemberRead& read, replica::Deadline deadline,
                               Opened& out) {
  replica::ReadOptions options;
  options.deadline = deadline;
  options.queries = read.request.queries.size();
  options.max_frame_bytes = context.settings.max_frame_bytes;
  options.max_response_bytes = context.settings.max_response_bytes;
  options.answer = context.settings.replica_answer;
  replica.counters->requests.add();
  std::string body = wire::encode_read_request(read.request);
  out = co_await replica::ReadStream::open(context.connections, replica.endpoint, std::move(body),
                                           options);
}

asio::awaitable<std::vector<Opened>> open_all(ThreadContext& context, const ReplicaSet& set,
                                              const query::Plan& plan, replica::Deadline deadline) {
  const auto executor = co_await asio::this_coro::executor;
  std::vector<Opened> opened(plan.reads.size());
  using Operation = decltype(asio::co_spawn(
      executor, open_one(context, set.replicas[0], plan.reads[0], deadline, opened[0]),
      asio::deferred));
  std::vector<Operation> operations;
  for (std::size_t i = 0; i < plan.reads.size(); ++i) {
    const query::MemberRead& read = plan.reads[i];
    operations.push_back(asio::co_spawn(
        executor, open_one(context, set.replicas[read.member], read, deadline, opened[i]),
        asio::deferred));
  }
  if (!operations.empty()) {
    co_await asio::experimental::make_parallel_group(std::move(operations))
        .async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
  }
  co_return opened;
}

bool unreachable(replica::FailureReason reason) {
  return reason == replica::FailureReason::refused ||
         reason == replica::FailureReason::connect_timeout;
}

}  // namespace

asio::awaitable<Contributors> settle(ThreadContext& context, const ReplicaSet& set,
                                     const query::Plan& plan) {
  const auto deadline = std::chrono::steady_clock::now() + context.settings.replica_timeout;
  std::vector<Opened> opened = co_await open_all(context, set, plan, deadline);
  Contributors out;
  out.needed = std::min(context.settings.min_replicas, plan.reads.size());
  for (std::size_t i = 0; i < opened.size(); ++i) {
    const query::MemberRead& read = plan.reads[i];
    const query::Member& member = set.members[read.member];
    if (opened[i].has_error()) {
      out.failed.push_back({member.name, opened[i].error()});
      out.feeds.push_back(nullptr);
      continue;
    }
    set.replicas[read.member].counters->first_byte.observe(
        (*opened[i])->stats().time_to_first_byte);
    set.replicas[read.member].counters->up.set(1);
    out.feeds.push_back(std::make_unique<ReplicaFeed>(
        std::move(*opened[i]),
        FeedContext{member, read, plan, set.replica_labels, context.settings.max_collected_bytes,
                    context.shared.memory}));
    out.feeds.back()->set_deadline(deadline);
  }
  tell_failures(context, set, out.failed, 0);
  co_return out;
}

void tell_failures(ThreadContext& context, const ReplicaSet& set, const FailedReplicas& failed,
                   std::size_t known) {
  for (std::size_t i = known; i < failed.size(); ++i) {
    const FailedReplica& f = failed[i];
    const auto at = std::find_if(set.members.begin(), set.members.end(),
                                 [&](const query::Member& m) { return m.name == f.name; });
    const Replica& replica = set.replicas[static_cast<std::size_t>(at - set.members.begin())];
    replica.counters->failures[replica::name_of(f.failure.reason)].add();
    if (unreachable(f.failure.reason)) {
      replica.counters->up.set(0);
      context.nudge(replica.endpoint);
    }
    const std::string key = f.name + replica::name_of(f.failure.reason);
    if (context.seldom.due(key, std::chrono::steady_clock::now())) {
      log::warn("replica failed a read", {{"replica", f.name},
                                          {"reason", replica::name_of(f.failure.reason)},
                                          {"error", f.failure.error.what}});
    }
  }
}

}  // namespace prombraid::read
