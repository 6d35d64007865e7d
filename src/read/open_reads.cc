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

/// One wait for some replicas of a read. Whatever it does not wait for any longer, because it is
/// over or because its read was ended from outside, is stopped; a trial goes on.
class Round {
 public:
  Round(ThreadContext& context, const query::Plan& plan, AskedReplicas replicas, std::size_t needed,
        asio::any_io_executor executor)
      : context_(context),
        plan_(plan),
        replicas_(replicas),
        needed_(needed),
        executor_(executor),
        timer_(executor),
        asked_(replicas.size()),
        answered_(replicas.size()) {}
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
    asked_[i].inquiry = std::make_shared<Inquiry>(replicas_[i]);
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
      leave(i);
    }
    return next;
  }

  /// When a read can do without replica i, the last that has not settled.
  Deadline spared_at(std::size_t i) const {
    const auto grace = context_.settings.straggler_grace;
    const auto answered = std::count(answered_.begin(), answered_.end(), true);
    const bool enough = static_cast<std::size_t>(answered) >= std::max<std::size_t>(1, needed_);
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
  const AskedReplicas replicas_;
  const std::size_t needed_;
  asio::any_io_executor executor_;
  asio::steady_timer timer_;
  std::vector<Asked> asked_;
  std::vector<bool> answered_;
  std::size_t waiting_ = 0;
  std::size_t told_ = 0;
  Deadline last_settled_{};
};

std::size_t answered(const std::vector<Opened>& opened) {
  return static_cast<std::size_t>(std::count_if(
      opened.begin(), opened.end(), [](const Opened& one) { return !one.has_error(); }));
}

/// Until something better is known of it.
Opened not_asked(const Replica& replica) {
  return replica::failure_of(
      replica.endpoint, FailureReason::timeout,
      "not asked: it has not answered an earlier read, whose request still waits");
}

/// Gives back the reads whose replicas were not given their whole time.
asio::awaitable<std::vector<std::size_t>> first_round(Round& round, AskedReplicas replicas,
                                                      Deadline deadline,
                                                      std::vector<Opened>& opened) {
  std::vector<std::size_t> cut_short;
  const auto now = Clock::now();
  for (std::size_t i = 0; i < replicas.size(); ++i) {
    if (!replicas[i]->suspicion->suspected(now)) {
      round.ask(i, deadline);
      continue;
    }
    cut_short.push_back(i);
    round.try_out(i, deadline);
  }
  co_await round.wait(opened);
  std::erase_if(cut_short, [&](std::size_t i) {
    return !opened[i].has_error() || opened[i].error().reason != FailureReason::timeout;
  });
  co_return cut_short;
}

}  // namespace

asio::awaitable<std::vector<Opened>> open_reads(ThreadContext& context, const ReplicaSetPtr& set,
                                                const query::Plan& plan, std::size_t needed,
                                                Deadline deadline) {
  std::vector<std::shared_ptr<const Replica>> replicas;
  std::vector<Opened> opened;
  for (const query::MemberRead& read : plan.reads) {
    replicas.emplace_back(set, &set->replicas[read.member]);
    opened.push_back(not_asked(*replicas.back()));
  }
  const auto executor = co_await asio::this_coro::executor;
  Round round(context, plan, replicas, needed, executor);
  const auto cut_short = co_await first_round(round, replicas, deadline, opened);
  if (answered(opened) >= needed || cut_short.empty()) co_return opened;
  Round again(context, plan, replicas, needed, executor);
  for (const std::size_t i : cut_short) again.ask(i, deadline);
  co_await again.wait(opened);
  co_return opened;
}

}  // namespace prombraid::read
