#include "read/open_reads.h"

#include <algorithm>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "read/coverage.h"

namespace prombraid::read {

namespace asio = boost::asio;
using replica::Deadline;
using replica::FailureReason;
using Clock = std::chrono::steady_clock;

namespace {

/// What one read asks.
struct Asking {
  const Sets& sets;
  const query::Plan& plan;
  const std::vector<SetShare>& shares;
  const Sent& sent;
  std::vector<ReplicaSpan>& spans;
  std::vector<std::shared_ptr<const Replica>> replicas;  ///< of each of the plan's reads

  Deadline deadline(std::size_t i, Deadline begun) const {
    return begun + sets.seats[plan.reads[i].set].settings->replica_timeout;
  }
};

/// One wait for some replicas of a read. Whatever it does not wait for any longer, because it is
/// over or because its read was ended from outside, is stopped; a trial goes on.
class Round {
 public:
  Round(ThreadContext& context, const Asking& asking, asio::any_io_executor executor)
      : context_(context),
        plan_(asking.plan),
        asking_(asking),
        replicas_(asking.replicas),
        executor_(executor),
        timer_(executor),
        asked_(asking.replicas.size()),
        answered_(asking.replicas.size()) {}
  Round(const Round&) = delete;
  Round& operator=(const Round&) = delete;

  ~Round() {
    for (std::size_t i = 0; i < asked_.size(); ++i) {
      if (asked_[i].inquiry) leave(i);
    }
  }

  void ask(std::size_t i, Deadline deadline) {
    begin(i);
    inquire(context_, asked_[i].inquiry, plan_.reads[i].request, deadline, executor_);
  }

  /// False where the replica is on trial already.
  bool try_out(std::size_t i, Deadline deadline) {
    if (!replicas_[i]->suspicion->begin_trial()) return false;
    begin(i);
    asked_[i].trial = true;
    const auto now = Clock::now();
    asked_[i].wait_until = now + context_.settings.suspect_grace;
    put_on_trial(context_, asked_[i].inquiry, plan_.reads[i].request,
                 std::min(deadline, now + context_.settings.trial_time), executor_);
    return true;
  }

  /// Returns when each that was asked has answered, failed or been given up.
  asio::awaitable<void> wait(std::vector<Opened>& opened) {
    for (;;) {
      collect(opened);
      if (waiting_ == 0) co_return;
      timer_.expires_at(give_up(opened, Clock::now()));
      if (waiting_ == 0) co_return;
      co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
  }

 private:
  struct Asked {
    std::shared_ptr<Inquiry> inquiry;  ///< null: not asked, or settled
    bool trial = false;
    Deadline wait_until = replica::no_deadline;
  };

  void begin(std::size_t i) {
    ++waiting_;
    asked_[i].inquiry = std::make_shared<Inquiry>(
        replicas_[i], asking_.sets.seats[plan_.reads[i].set], asking_.sent);
    asked_[i].inquiry->told = [this] {
      // Each wakes the read where one may be the last to wait for, and else only the last does.
      const bool graced = context_.settings.straggler_grace.count() > 0;
      if (++told_ >= waiting_ || graced) timer_.cancel();
    };
  }

  void collect(std::vector<Opened>& opened) {
    for (std::size_t i = 0; i < asked_.size(); ++i) {
      if (!asked_[i].inquiry || !asked_[i].inquiry->answer) continue;
      opened[i] = *std::move(asked_[i].inquiry->answer);
      answered_[i] = !opened[i].has_error();
      if (answered_[i]) {
        asking_.spans[i] = std::move(asked_[i].inquiry->span);
      } else {
        asked_[i].inquiry->span.failed(opened[i].error());
      }
      settle(i);
    }
    told_ = 0;
  }

  void settle(std::size_t i) {
    asked_[i].inquiry->told = nullptr;
    asked_[i].inquiry.reset();
    --waiting_;
    last_settled_ = Clock::now();
  }

  void leave(std::size_t i) {
    const auto inquiry = asked_[i].inquiry;
    settle(i);
    if (!asked_[i].trial) inquiry->stop.emit(asio::cancellation_type::terminal);
  }

  /// Leaves those whose time is over; says when to look again.
  Deadline give_up(std::vector<Opened>& opened, Deadline now) {
    Deadline next = replica::no_deadline;
    for (std::size_t i = 0; i < asked_.size(); ++i) {
      if (!asked_[i].inquiry) continue;
      const Deadline spared = spared_at(i);
      const Deadline until = std::min(asked_[i].wait_until, spared);
      if (now < until) {
        next = std::min(next, until);
        continue;
      }
      opened[i] = now < spared ? missed(i) : straggled(i);
      asked_[i].inquiry->span.failed(opened[i].error());
      leave(i);
    }
    return next;
  }

  /// When a read can do without replica i, the last that has not settled.
  Deadline spared_at(std::size_t i) const {
    const auto grace = context_.settings.straggler_grace;
    const std::size_t set = plan_.reads[i].set;
    std::size_t answered = 0;
    for (std::size_t k = 0; k < answered_.size(); ++k) {
      answered += answered_[k] && plan_.reads[k].set == set ? 1 : 0;
    }
    const bool enough = answered >= std::max<std::size_t>(1, asking_.shares[set].needed);
    const bool spare = grace.count() > 0 && waiting_ == 1 && enough &&
                       covered_without(replicas_, plan_, answered_, i);
    return spare ? last_settled_ + grace : replica::no_deadline;
  }

  replica::ReadFailure missed(std::size_t i) const {
    return replica::failure_of(replicas_[i]->endpoint, FailureReason::timeout,
                               "it did not answer an earlier read, nor this one within " +
                                   std::to_string(context_.settings.suspect_grace.count()) + " ms");
  }

  replica::ReadFailure straggled(std::size_t i) const {
    return replica::failure_of(replicas_[i]->endpoint, FailureReason::straggler,
                               "not waited for: the others cover the range and had answered " +
                                   std::to_string(context_.settings.straggler_grace.count()) +
                                   " ms before (--read.straggler-grace)");
  }

  ThreadContext& context_;
  const query::Plan& plan_;
  const Asking& asking_;
  const AskedReplicas replicas_;
  asio::any_io_executor executor_;
  asio::steady_timer timer_;
  std::vector<Asked> asked_;
  std::vector<bool> answered_;
  std::size_t waiting_ = 0;
  std::size_t told_ = 0;
  Deadline last_settled_{};
};

/// Keeps of `cut_short` those whose set has fewer answers than it needs. A set that may be missing
/// is worth the short time alone, but where nothing has answered each is the only hope.
void keep_needed(std::vector<std::size_t>& cut_short, const Asking& asking,
                 const std::vector<Opened>& opened) {
  std::vector<std::size_t> answered(asking.shares.size());
  std::size_t all = 0;
  for (std::size_t i = 0; i < opened.size(); ++i) {
    if (opened[i].has_error()) continue;
    ++answered[asking.plan.reads[i].set];
    ++all;
  }
  std::erase_if(cut_short, [&](std::size_t i) {
    const std::size_t set = asking.plan.reads[i].set;
    return all > 0 && answered[set] >= asking.shares[set].needed;
  });
}

/// Until something better is known of it.
Opened not_asked(const Replica& replica) {
  return replica::failure_of(
      replica.endpoint, FailureReason::timeout,
      "not asked: it has not answered an earlier read, whose request still waits");
}

/// Gives back the reads whose replicas were not given their whole time.
asio::awaitable<std::vector<std::size_t>> first_round(Round& round, const Asking& asking,
                                                      Deadline now, std::vector<Opened>& opened) {
  const AskedReplicas replicas = asking.replicas;
  std::vector<std::size_t> cut_short;
  for (std::size_t i = 0; i < replicas.size(); ++i) {
    if (!replicas[i]->suspicion->suspected(now)) {
      round.ask(i, asking.deadline(i, now));
      continue;
    }
    cut_short.push_back(i);
    round.try_out(i, asking.deadline(i, now));
  }
  co_await round.wait(opened);
  std::erase_if(cut_short, [&](std::size_t i) {
    return !opened[i].has_error() || opened[i].error().reason != FailureReason::timeout;
  });
  co_return cut_short;
}

}  // namespace

asio::awaitable<std::vector<Opened>> open_reads(ThreadContext& context, const SetsPtr& sets,
                                                const query::Plan& plan,
                                                const std::vector<SetShare>& shares,
                                                const Sent& sent, std::vector<ReplicaSpan>& spans) {
  Asking asking{*sets, plan, shares, sent, spans, {}};
  spans.resize(plan.reads.size());
  std::vector<Opened> opened;
  for (const query::MemberRead& read : plan.reads) {
    asking.replicas.emplace_back(sets, &sets->replica(read));
    opened.push_back(not_asked(*asking.replicas.back()));
  }
  const auto now = Clock::now();
  const auto executor = co_await asio::this_coro::executor;
  Round round(context, asking, executor);
  auto cut_short = co_await first_round(round, asking, now, opened);
  keep_needed(cut_short, asking, opened);
  if (cut_short.empty()) co_return opened;
  Round again(context, asking, executor);
  for (const std::size_t i : cut_short) again.ask(i, asking.deadline(i, now));
  co_await again.wait(opened);
  co_return opened;
}

}  // namespace prombraid::read
