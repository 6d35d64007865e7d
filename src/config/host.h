/// What the host, or the control group that the process lives in, lets it use.
#pragma once

#include <cstdint>
#include <string>

namespace prombraid::config {

struct HostLimits {
  unsigned cpus = 1;               ///< the quota rounded up, never more than the cores
  std::uint64_t memory_bytes = 0;  ///< the group's limit, else the machine's memory
};

/// Reads what cgroup v2, or v1, says under `root` ("" but in tests) of this process's group and of
/// those above it; what can't be read does not limit. `cores` and `memory_bytes` are the machine's
/// own.
HostLimits read_host_limits(const std::string& root, unsigned cores, std::uint64_t memory_bytes);

/// The same for this process.
HostLimits read_host_limits();

}  // namespace prombraid::config
