#include "app/discovery_metrics.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace prombraid::app {

namespace {

struct Sums {
  std::int64_t lookups = 0;
  std::int64_t addresses = 0;
  std::optional<discovery::Millis> since_success;
  std::map<std::string, std::int64_t> failures;

  void add(const discovery::LookupStatus& status) {
    lookups += static_cast<std::int64_t>(status.lookups);
    addresses += static_cast<std::int64_t>(status.size);
    for (const auto& [reason, count] : status.failures) {
      failures[reason] += static_cast<std::int64_t>(count);
    }
    if (status.since_success) {
      since_success =
          std::min(since_success.value_or(*status.since_success), *status.since_success);
    }
  }
};

std::int64_t epoch_ms(discovery::Millis ago) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<discovery::Millis>(now).count() - ago.count();
}

}  // namespace

void count_discovery(const discovery::DiscoveryStatus& status, metrics::Metrics& metrics) {
  std::map<std::string, Sums> by_name;
  for (const discovery::LookupStatus& lookup : status.lookups) by_name[lookup.name].add(lookup);
  std::vector<std::string> names;
  for (const auto& [name, sums] : by_name) {
    names.push_back(name);
    const auto counters = metrics.discovery(name);
    counters->lookups.set(sums.lookups);
    counters->addresses.set(sums.addresses);
    for (const auto& [reason, count] : sums.failures) counters->failures[reason].set(count);
    if (sums.since_success) counters->last_success_ms.set(epoch_ms(*sums.since_success));
  }
  metrics.keep_names(names);
}

}  // namespace prombraid::app
