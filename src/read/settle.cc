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

/// Before anything is asked. A plan may leave out replicas that a matcher did not choose.
std::vector<SetShare> shares_of(const Sets& sets, const query::Plan& plan) {
  std::vector<SetShare> out(sets.seats.size());
  for (const query::MemberRead& read : plan.reads) ++out[read.set].asked;
  for (std::size_t s = 0; s < out.size(); ++s) {
    out[s].alive = out[s].asked;
    out[s].needed = std::min(sets.seats[s].settings->min_replicas, out[s].asked);
  }
  return out;
}

}  // namespace

asio::awaitable<Contributors> settle(ThreadContext& context, const SetsPtr& all,
                                     const query::Plan& plan, const Sent& sent) {
  const Sets& sets = *all;
  Contributors out;
  out.shares = shares_of(sets, plan);
  out.max_series = context.settings.max_series;
  std::vector<Opened> opened = co_await open_reads(context, all, plan, out.shares, sent, out.spans);
  for (std::size_t i = 0; i < opened.size(); ++i) {
    const query::MemberRead& read = plan.reads[i];
    const SetSeat& seat = sets.seats[read.set];
    const Replica& replica = sets.replica(read);
    out.names.push_back(sets.name_of(read));
    out.set_of.push_back(read.set);
    if (opened[i].has_error()) {
      out.failed.push_back({out.names[i], opened[i].error(), i});
      out.feeds.push_back(nullptr);
      --out.shares[read.set].alive;
      continue;
    }
    const std::chrono::nanoseconds first_byte = (*opened[i])->stats().time_to_first_byte;
    replica.counters->first_byte.observe(first_byte);
    replica.counters->up.set(1);
    out.feeds.push_back(std::make_unique<ReplicaFeed>(
        std::move(*opened[i]),
        FeedContext{sets.member(read), read, seat.set->replica_labels, *replica.lessons,
                    context.settings.max_collected_bytes, context.shared.memory}));
    out.feeds.back()->allow(seat.settings->replica_timeout - first_byte);
  }
  tell_failures(context, sets, plan, out.failed, 0);
  co_return out;
}

void tell_failures(ThreadContext& context, const Sets& sets, const query::Plan& plan,
                   const FailedReplicas& failed, std::size_t known) {
  for (std::size_t i = known; i < failed.size(); ++i) {
    const FailedReplica& f = failed[i];
    const Replica& replica = sets.replica(plan.reads[f.read]);
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
      sets.seats[plan.reads[f.read].set].nudge(replica.endpoint);
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
