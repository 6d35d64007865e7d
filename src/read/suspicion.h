/// A replica that did not answer in time is not waited for again.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace prombraid::read {

/// Shared by all threads that read the replica. Without it a replica that accepts connections and
/// never answers (stopped, swapping, its disk gone) would cost every read its whole deadline; with
/// it, one.
///
/// While it is suspected one read at a time puts it on trial: that read waits a short grace for it
/// and goes on without it, but its request stays for some seconds more. An answer clears the
/// replica; until then no other read asks it, as it would not be answered any sooner.
class Suspicion {
 public:
  using Time = std::chrono::steady_clock::time_point;

  void raise(Time now) { until_.store((now + lasts).time_since_epoch().count()); }
  void clear() { until_.store(0); }
  bool suspected(Time now) const { return now.time_since_epoch().count() < until_.load(); }

  /// False where a trial is under way.
  bool begin_trial() { return !on_trial_.exchange(true); }
  void end_trial() { on_trial_.store(false); }

  /// Then it is given a whole deadline once more: it may have been busy, and nobody has asked it
  /// since. A trial that it fails raises the suspicion anew.
  static constexpr std::chrono::seconds lasts{60};

 private:
  std::atomic<Time::rep> until_{0};
  std::atomic<bool> on_trial_{false};
};

}  // namespace prombraid::read
