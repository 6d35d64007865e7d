#include "config/host.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>
#include <thread>

#include <unistd.h>

namespace prombraid::config {

namespace {

/// The first words of a file; false where it can't be read or holds no number (`max` in v2).
bool read_number(const std::string& path, std::uint64_t& out) {
  std::ifstream in(path);
  std::int64_t value = 0;
  if (!(in >> value) || value <= 0) return false;
  out = static_cast<std::uint64_t>(value);
  return true;
}

/// v2 has `quota period` in one file, v1 has two files; a quota of `max` or -1 is none.
bool read_cpu_quota(const std::string& root, std::uint64_t& quota, std::uint64_t& period) {
  const std::string base = root + "/sys/fs/cgroup/";
  std::ifstream v2(base + "cpu.max");
  if (v2 >> quota >> period) return quota > 0 && period > 0;
  return read_number(base + "cpu/cpu.cfs_quota_us", quota) &&
         read_number(base + "cpu/cpu.cfs_period_us", period);
}

}  // namespace

HostLimits read_host_limits(const std::string& root, unsigned cores, std::uint64_t memory_bytes) {
  HostLimits limits{std::max(1U, cores), memory_bytes};
  std::uint64_t quota = 0;
  std::uint64_t period = 0;
  if (read_cpu_quota(root, quota, period)) {
    const std::uint64_t cpus = quota / period + (quota % period != 0 ? 1 : 0);
    limits.cpus = static_cast<unsigned>(std::min<std::uint64_t>(cpus, limits.cpus));
  }
  std::uint64_t memory = 0;
  const std::string base = root + "/sys/fs/cgroup/";
  if (read_number(base + "memory.max", memory) ||
      read_number(base + "memory/memory.limit_in_bytes", memory)) {
    limits.memory_bytes = std::min(limits.memory_bytes, memory);
  }
  return limits;
}

HostLimits read_host_limits() {
  const auto pages = static_cast<std::uint64_t>(std::max(0L, sysconf(_SC_PHYS_PAGES)));
  const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  return read_host_limits("", std::thread::hardware_concurrency(), pages * page);
}

}  // namespace prombraid::config
