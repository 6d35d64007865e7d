/// What every read obeys, whichever sets it asks (those have more: read/sets.h).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "query/plan.h"
#include "read/tenant.h"
#include "wire/read_limits.h"
#include "wire/request.h"

namespace prombraid::read {

struct Settings {
  query::PlanOptions plan;
  wire::RequestLimits request;
  wire::AnswerLimits replica_answer;
  TenantRules tenants;

  /// For a replica that did not answer before (suspicion.h). A replica that is well answers the
  /// usual read in a few milliseconds.
  std::chrono::milliseconds suspect_grace{250};
  /// How long its request then stays (or until the set's time-out): a replica that came back under
  /// the same address does not know of a request that went to the one before.
  std::chrono::milliseconds trial_time{5'000};
  /// For the last replica where the others cover what is asked (coverage.h); 0: it is waited for.
  std::chrono::milliseconds straggler_grace{0};
  std::chrono::milliseconds slow_read{0};   ///< a read that takes as long is logged; 0: none
  std::uint64_t sample_limit = 50'000'000;  ///< SAMPLES, per query; 0: none
  std::uint64_t max_series = 0;             ///< of an answer; 0: none
  std::size_t max_collected_bytes = std::size_t{256} << 20;  ///< of an answer that must be sorted

  /// What a read must find free before it begins, for each replica that it asks: a socket buffer,
  /// a frame of usual size, a series. And how long it waits for that.
  std::size_t begin_bytes = std::size_t{256} << 10;
  std::chrono::milliseconds memory_wait{5'000};

  /// Bytes of a streamed answer that may wait for the client, and that may wait while so many
  /// streams are open that replicas run out of places (see Spool).
  std::size_t spool_bytes = std::size_t{1} << 20;
  std::size_t spool_bytes_crowded = std::size_t{64} << 20;
};

/// The largest frame that a Prometheus client reads (config/config.go, chunked_read_limit).
inline constexpr std::size_t client_frame_limit = 50'000'000;

/// A Prometheus server reads for ten clients at once (`--storage.remote.read-concurrent-limit`).
/// From this many of our own streams on, none may hold its replicas while its client sleeps.
inline constexpr std::size_t crowd = 8;

}  // namespace prombraid::read
