/// A replica that did not answer in time is not waited for again.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace prombraid::read {

/// Shared by all threads that read the replica. Without it a replica that accepts connections and
/// never answers (stopped, swapping, its disk gone) would cost every read its whole deadline; with
/// it, one. While suspected it is still asked, but given only a short grace: the read that it
/// answers within clears it.
class Suspicion {
 public:
  using Time = std::chrono::steady_clock::time_point;

  void raise(Time now) { until_.store((now + lasts).time_since_epoch().count()); }
  void clear() { until_.store(0); }
  bool suspected(Time now) const { return now.time_since_epoch().count() < until_.load(); }

  /// Then it is given a whole deadline once more: it may have been busy and answer slowly, yet
  /// well.
  static constexpr std::chrono::seconds lasts{60};

 private:
  std::atomic<Time::rep> until_{0};
};

}  // namespace prombraid::read
