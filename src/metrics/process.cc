#include "metrics/process.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

namespace prombraid::metrics {

namespace {

/// The fields of /proc/self/stat from the third on: the second is the program's name in brackets,
/// which may hold blanks (proc(5)).
std::vector<std::string> stat_fields() {
  std::ifstream in("/proc/self/stat");
  std::string line;
  std::getline(in, line);
  const auto name_end = line.rfind(')');
  if (name_end == std::string::npos) return {};
  std::istringstream rest(line.substr(name_end + 1));
  std::vector<std::string> fields;
  for (std::string field; rest >> field;) fields.push_back(field);
  return fields;
}

/// When the machine started, in seconds since the epoch.
double boot_time() {
  std::ifstream in("/proc/stat");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("btime ")) return std::stod(line.substr(6));
  }
  return 0;
}

std::uint64_t count_open_fds() {
  std::error_code error;
  std::filesystem::directory_iterator it("/proc/self/fd", error);
  std::uint64_t count = 0;
  for (; !error && it != std::filesystem::directory_iterator(); it.increment(error)) ++count;
  return count == 0 ? 0 : count - 1;  // one is the listing's own
}

}  // namespace

ProcessStats read_process_stats() {
  ProcessStats stats;
  // Counted as in proc(5), where the state is the third field: utime 14, stime 15, num_threads 20,
  // starttime 22, vsize 23, rss 24.
  const std::vector<std::string> fields = stat_fields();
  if (fields.size() > 21) {
    const auto field = [&](std::size_t number) { return std::stod(fields[number - 3]); };
    const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    stats.cpu_seconds = (field(14) + field(15)) / ticks;
    stats.threads = static_cast<std::uint64_t>(field(20));
    const double boot = boot_time();
    if (boot > 0) stats.start_time_seconds = boot + field(22) / ticks;
    stats.virtual_bytes = static_cast<std::uint64_t>(field(23));
    stats.resident_bytes =
        static_cast<std::uint64_t>(field(24)) * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  }
  stats.open_fds = count_open_fds();
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) stats.max_fds = limit.rlim_cur;
  return stats;
}

}  // namespace prombraid::metrics
