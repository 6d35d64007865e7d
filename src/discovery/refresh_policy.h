/// When to ask DNS again, and what of its answers to believe.
///
/// One policy per name and record type. It holds no records and reads no clock: it is told what
/// came, and when, and says what to do with it.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "discovery/answer.h"

namespace prombraid::discovery {

using TimePoint = std::chrono::steady_clock::time_point;
using Millis = std::chrono::milliseconds;

struct RefreshOptions {
  Millis interval{30'000};    ///< no name is left unasked for longer (`--dns.refresh-interval`)
  Millis minimum{5'000};      ///< no TTL makes us ask more often
  Millis hold{30'000};        ///< NXDOMAIN or "no records" must be said for so long to be believed
  Millis nudge_gap{1'000};    ///< a refused connection asks again, but no sooner than this
  Millis retry_first{1'000};  ///< after a failure; doubled each time up to `interval`
};

/// What to do with the records kept for a name.
enum class Verdict {
  replace,  ///< take those of this answer
  keep,     ///< go on with those of the last good answer
  clear,    ///< there are none any more
};

/// Failure (SERVFAIL, REFUSED, time-out, garbage) never changes the records. "Nothing there" is
/// believed only when it was the only thing said for `hold`: a replica set that vanishes from DNS
/// is far more often a DNS server that restarts (grpc-go#3252) than replicas that are all gone.
class RefreshPolicy {
 public:
  /// Due at once.
  RefreshPolicy(const RefreshOptions& options, TimePoint now) : options_(options), due_(now) {}

  /// When to ask; nothing while an answer is awaited.
  std::optional<TimePoint> due() const { return due_; }

  /// A lookup was begun.
  void asked(TimePoint now);

  /// It ended. `jitter` is random in [0, 1) and moves the next lookup by up to 10 % either way, so
  /// that many proxies do not ask in step.
  Verdict answered(const Answer& answer, TimePoint now, double jitter);

  /// A connection to one of the records was refused: they may be old. Ask early.
  void nudge(TimePoint now);

  std::uint64_t lookups() const { return lookups_; }
  const std::map<std::string, std::uint64_t>& failures() const { return failures_; }
  std::optional<TimePoint> last_success() const { return last_success_; }  ///< conclusive answer
  std::size_t size() const { return size_; }                               ///< records kept
  /// True while the records kept are not what the last answer said.
  bool stale() const { return stale_; }
  const std::string& last_text() const { return last_text_; }

 private:
  Verdict nothing_there(TimePoint now, Millis& next);
  Millis back_off(Millis first);

  RefreshOptions options_;
  std::optional<TimePoint> due_;
  std::optional<TimePoint> asked_at_;
  std::optional<TimePoint> empty_since_;
  std::optional<TimePoint> last_success_;
  unsigned in_a_row_ = 0;  ///< answers since the last one with records, for the back-off
  std::size_t size_ = 0;
  bool stale_ = false;
  std::uint64_t lookups_ = 0;
  std::map<std::string, std::uint64_t> failures_;
  std::string last_text_ = "not asked yet";
};

}  // namespace prombraid::discovery
