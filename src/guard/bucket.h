/// A token bucket: how many requests may come, and how fast. Time is an argument.
#pragma once

#include <chrono>
#include <cstdint>

namespace prombraid::guard {

/// Full at first. Not thread-safe.
class Bucket {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// `interval` is above 0 and `burst` at least 1.
  Bucket(std::chrono::nanoseconds interval, unsigned burst) : interval_(interval), burst_(burst) {}

  /// Takes a token; false where there is none.
  bool take(Time now) {
    if (now >= full_at_) full_at_ = now;
    // Every token that is missing puts off the moment at which it is full by one interval.
    if (full_at_ - now > interval_ * (std::int64_t{burst_} - 1)) return false;
    full_at_ += std::chrono::duration_cast<Time::duration>(interval_);
    return true;
  }

 private:
  std::chrono::nanoseconds interval_;
  unsigned burst_;
  Time full_at_{};
};

}  // namespace prombraid::guard
