#include "metrics/metrics.h"

#include <algorithm>

#include "metrics/exposition.h"

namespace prombraid::metrics {

void ThreadCounters::count_request(std::string_view route, std::string_view method,
                                   unsigned status) {
  const auto* known = std::find(std::begin(status_codes), std::end(status_codes), status);
  requests[route][method][static_cast<std::size_t>(known - std::begin(status_codes))].add();
}

Metrics::Metrics(Constants constants) : constants_(std::move(constants)) {}
Metrics::~Metrics() = default;

ThreadCounters& Metrics::add_thread() {
  const std::lock_guard lock(mutex_);
  return *threads_.emplace_back(std::make_unique<ThreadCounters>());
}

std::shared_ptr<ReplicaCounters> Metrics::replica(std::string_view address) {
  const std::lock_guard lock(mutex_);
  auto& counters = replicas_[std::string(address)];
  if (!counters) counters = std::make_shared<ReplicaCounters>();
  return counters;
}

std::shared_ptr<DiscoveryCounters> Metrics::discovery(std::string_view name) {
  const std::lock_guard lock(mutex_);
  auto& counters = names_[std::string(name)];
  if (!counters) counters = std::make_shared<DiscoveryCounters>();
  return counters;
}

void Metrics::keep_replicas(const std::string& set, std::vector<std::string> addresses) {
  const std::lock_guard lock(mutex_);
  if (addresses.empty()) {
    addresses_.erase(set);
  } else {
    addresses_[set] = std::move(addresses);
  }
  std::erase_if(replicas_, [&](const auto& replica) {
    return std::none_of(addresses_.begin(), addresses_.end(), [&](const auto& of_set) {
      return std::find(of_set.second.begin(), of_set.second.end(), replica.first) !=
             of_set.second.end();
    });
  });
}

void Metrics::keep_names(std::span<const std::string> names) {
  const std::lock_guard lock(mutex_);
  std::erase_if(names_, [&](const auto& known) {
    return std::find(names.begin(), names.end(), known.first) == names.end();
  });
}

void Metrics::add_source(std::function<void(Families&)> source) {
  const std::lock_guard lock(mutex_);
  sources_.push_back(std::move(source));
}

std::string Metrics::render() const {
  const std::lock_guard lock(mutex_);
  Families out;
  write_constants(out, constants_);
  write_reads(out, threads_);
  write_series(out, threads_);
  write_http(out, threads_);
  write_replicas(out, replicas_);
  write_discovery(out, names_);
  for (const auto& source : sources_) source(out);
  write_process(out, read_process_stats());
  return out.text();
}

}  // namespace prombraid::metrics
