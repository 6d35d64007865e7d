#include "discovery/refresh_policy.h"

#include <algorithm>

namespace prombraid::discovery {

void RefreshPolicy::asked(TimePoint now) {
  ++lookups_;
  asked_at_ = now;
  due_.reset();
}

Verdict RefreshPolicy::answered(const Answer& answer, TimePoint now, double jitter) {
  last_text_ = answer.text;
  Verdict verdict = Verdict::keep;
  Millis next{0};
  switch (answer.kind) {
    case Answer::Kind::records:
      verdict = Verdict::replace;
      next = std::clamp(Millis(std::chrono::seconds(answer.ttl)),
                        std::min(options_.minimum, options_.interval), options_.interval);
      size_ = answer.records.size();
      empty_since_.reset();
      in_a_row_ = 0;
      break;
    case Answer::Kind::no_records:
    case Answer::Kind::no_such_name:
      verdict = nothing_there(now, next);
      if (answer.kind == Answer::Kind::no_such_name) {
        ++failures_["nxdomain"];
      } else if (verdict == Verdict::keep) {
        ++failures_["empty"];  // else it only has no such records, as IPv6 for most names
      }
      break;
    case Answer::Kind::failed:
      ++failures_[answer.reason];
      empty_since_.reset();  // "nothing there" has to be said without interruption
      next = back_off(options_.retry_first);
      break;
  }
  if (answer.kind != Answer::Kind::failed) last_success_ = now;
  stale_ = verdict == Verdict::keep && size_ > 0;
  const double moved = static_cast<double>(next.count()) * (0.9 + 0.2 * jitter);
  due_ = now + Millis(static_cast<Millis::rep>(moved));
  return verdict;
}

Verdict RefreshPolicy::nothing_there(TimePoint now, Millis& next) {
  if (size_ == 0) {
    next = back_off(std::min(options_.minimum, options_.interval));
    return Verdict::clear;
  }
  if (!empty_since_) empty_since_ = now;
  if (now - *empty_since_ >= options_.hold) {
    size_ = 0;
    in_a_row_ = 0;
    next = back_off(std::min(options_.minimum, options_.interval));
    return Verdict::clear;
  }
  next = std::min(options_.minimum, options_.interval);
  return Verdict::keep;
}

/// `first`, doubled for each answer in a row that brought no records, up to the interval.
Millis RefreshPolicy::back_off(Millis first) {
  const unsigned doublings = std::min(in_a_row_++, 16U);
  return std::min(first * (1 << doublings), options_.interval);
}

void RefreshPolicy::nudge(TimePoint now) {
  if (!due_) return;  // the answer on its way is news enough
  const TimePoint soonest = asked_at_ ? std::max(now, *asked_at_ + options_.nudge_gap) : now;
  due_ = std::min(*due_, soonest);
}

}  // namespace prombraid::discovery
