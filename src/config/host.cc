#include "config/host.h"

#include <algorithm>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

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

/// The group of this process for a controller of v1, or for all of v2 where `controller` is empty,
/// as `/system.slice/prombraid.service` (cgroups(7), /proc/PID/cgroup); empty: the top.
std::string group_of(const std::string& root, std::string_view controller) {
  std::ifstream in(root + "/proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string names = "," + line.substr(first + 1, second - first - 1) + ",";
    if (names.find("," + std::string(controller) + ",") == std::string::npos) continue;
    std::string group = line.substr(second + 1);
    if (group.ends_with('/')) group.pop_back();
    return group;
  }
  return {};
}

/// The folders, each with a slash, of a group and of all above it: each may limit it. Those that a
/// container does not see have no files.
std::vector<std::string> levels(const std::string& hierarchy, std::string group) {
  std::vector<std::string> out;
  while (group.starts_with('/')) {
    out.push_back(hierarchy + group + "/");
    group.resize(group.rfind('/'));
  }
  out.push_back(hierarchy + "/");
  return out;
}

void limit_cpus(HostLimits& limits, std::uint64_t quota, std::uint64_t period) {
  if (quota == 0 || period == 0) return;
  const std::uint64_t cpus = quota / period + (quota % period != 0 ? 1 : 0);
  limits.cpus = static_cast<unsigned>(std::min<std::uint64_t>(cpus, limits.cpus));
}

void limit_memory(HostLimits& limits, const std::string& file) {
  std::uint64_t bytes = 0;
  if (read_number(file, bytes)) limits.memory_bytes = std::min(limits.memory_bytes, bytes);
}

/// v2 has `quota period` in one file, v1 has two files; a quota of `max` or -1 is none.
void limit_by_v2(HostLimits& limits, const std::string& folder) {
  std::uint64_t quota = 0;
  std::uint64_t period = 0;
  std::ifstream in(folder + "cpu.max");
  if (in >> quota >> period) limit_cpus(limits, quota, period);
  limit_memory(limits, folder + "memory.max");
}

void limit_cpus_by_v1(HostLimits& limits, const std::string& folder) {
  std::uint64_t quota = 0;
  std::uint64_t period = 0;
  const bool limited = read_number(folder + "cpu.cfs_quota_us", quota) &&
                       read_number(folder + "cpu.cfs_period_us", period);
  if (limited) limit_cpus(limits, quota, period);
}

}  // namespace

HostLimits read_host_limits(const std::string& root, unsigned cores, std::uint64_t memory_bytes) {
  HostLimits limits{std::max(1U, cores), memory_bytes};
  const std::string top = root + "/sys/fs/cgroup";
  for (const auto& folder : levels(top, group_of(root, ""))) limit_by_v2(limits, folder);
  for (const auto& folder : levels(top + "/cpu", group_of(root, "cpu"))) {
    limit_cpus_by_v1(limits, folder);
  }
  for (const auto& folder : levels(top + "/memory", group_of(root, "memory"))) {
    limit_memory(limits, folder + "memory.limit_in_bytes");
  }
  return limits;
}

HostLimits read_host_limits() {
  const auto pages = static_cast<std::uint64_t>(std::max(0L, sysconf(_SC_PHYS_PAGES)));
  const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  return read_host_limits("", std::thread::hardware_concurrency(), pages * page);
}

}  // namespace prombraid::config
