/// What the kernel says of this process, for the `process_*` metrics that all client libraries
/// share (Prometheus docs, "Writing client libraries", process metrics).
#pragma once

#include <cstdint>

namespace prombraid::metrics {

/// A number that could not be read is 0.
struct ProcessStats {
  double cpu_seconds = 0;
  double start_time_seconds = 0;  ///< since the epoch
  std::uint64_t resident_bytes = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t threads = 0;
  std::uint64_t open_fds = 0;
  std::uint64_t max_fds = 0;
};

ProcessStats read_process_stats();

}  // namespace prombraid::metrics
