/// All metrics of the process, and their text for a scrape. Names begin with `prombraid_`;
/// everything that can be counted is there from 0.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/counters.h"
#include "metrics/families.h"

namespace prombraid::metrics {

/// The label values of `prombraid_build_info`, and the limits that are shown beside what they
/// limit.
struct Constants {
  std::string version;
  std::string revision;
  std::string compiler;
  unsigned reads_max = 0;                ///< --storage.remote.read-concurrent-limit
  std::uint64_t buffer_limit_bytes = 0;  ///< --read.memory-limit
};

/// Any thread may call it; none of its calls belongs on the path of a sample.
class Metrics {
 public:
  explicit Metrics(Constants constants);
  ~Metrics();

  /// A thread's own counters: asked once, kept as long as this lives.
  ThreadCounters& add_thread();

  /// Of the replica at `address` (`ip:port`), made when first asked for. A holder may go on
  /// counting after the replica left; it is no longer seen.
  std::shared_ptr<ReplicaCounters> replica(std::string_view address);

  /// Of a configured name, as the flag has it.
  std::shared_ptr<DiscoveryCounters> discovery(std::string_view name);

  /// Drops the series of every name that is not among these.
  void keep_names(std::span<const std::string> names);

  /// Drops the series of every replica that is in no set's `addresses`. Those given replace what
  /// was said of the set before; a set that is gone has none.
  void keep_replicas(const std::string& set, std::vector<std::string> addresses);

  /// `source` is called at each scrape and adds families of counters that another room keeps. It
  /// must not call this object.
  void add_source(std::function<void(Families&)> source);

  /// In the text format 0.0.4 (`text/plain; version=0.0.4; charset=utf-8`).
  std::string render() const;

 private:
  Constants constants_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<ThreadCounters>> threads_;
  std::map<std::string, std::shared_ptr<ReplicaCounters>, std::less<>> replicas_;
  std::map<std::string, std::vector<std::string>> addresses_;  ///< by set
  std::map<std::string, std::shared_ptr<DiscoveryCounters>, std::less<>> names_;
  std::vector<std::function<void(Families&)>> sources_;
};

}  // namespace prombraid::metrics
