#include "read/settle.h"

#include <algorithm>

#include "log/log.h"
#include "read/open_reads.h"

namespace prombraid::read {

namespace asio = boost::asio;
namespace {

bool unreachable(replica::FailureReason reason) {
  return reason == replica::FailureReason::refused ||
         reason == replica::FailureReason::connect_timeout;
}

}  // namespace

asio::awaitable<Contributors> settle(ThreadContext& context, const ReplicaSetPtr& replicas,
                                     const query::Plan& plan) {
  const ReplicaSet& set = *replicas;
  const auto deadline = std::chrono::steady_clock::now() + context.settings.replica_timeout;
  Contributors out;
  out.needed = std::min(context.settings.min_replicas, plan.reads.size());
  out.max_series = context.settings.max_series;
  std::vector<Opened> opened = co_await open_reads(context, replicas, plan, out.needed, deadline);
  for (std::size_t i = 0; i < opened.size(); ++i) {
    const query::MemberRead& read = plan.reads[i];
    const query::Member& member = set.members[read.member];
    if (opened[i].has_error()) {
      out.failed.push_back({member.name, opened[i].error()});
      out.feeds.push_back(nullptr);
      continue;
    }
    const std::chrono::nanoseconds first_byte = (*opened[i])->stats().time_to_first_byte;
    set.replicas[read.member].counters->first_byte.observe(first_byte);
    set.replicas[read.member].counters->up.set(1);
    out.feeds.push_back(std::make_unique<ReplicaFeed>(
        std::move(*opened[i]),
        FeedContext{member, read, plan, set.replica_labels, *set.replicas[read.member].lessons,
                    context.settings.max_collected_bytes, context.shared.memory}));
    out.feeds.back()->allow(context.settings.replica_timeout - first_byte);
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
    if (f.failure.reason == replica::FailureReason::timeout) {
      replica.suspicion->raise(std::chrono::steady_clock::now());
    }
    if (f.failure.reason == replica::FailureReason::limit) {
      count_limit(context.counters, f.failure.error.what);
    }
    learn(*replica.lessons, f.name, f.failure);
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
