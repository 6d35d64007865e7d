/// What the reads of one thread share.
#pragma once

#include <atomic>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "log/seldom.h"
#include "metrics/counters.h"
#include "read/gate.h"
#include "read/inquiry.h"
#include "read/memory_budget.h"
#include "read/replica_set.h"
#include "read/settings.h"
#include "replica/connections.h"

namespace prombraid::read {

/// Shared by all threads.
struct Shared {
  Shared(std::size_t concurrent_reads, std::size_t memory_limit)
      : gate(concurrent_reads), memory(memory_limit) {}

  Gate gate;
  MemoryBudget memory;
  std::atomic<std::size_t> streaming{0};  ///< streamed answers that have begun and not ended
};

/// Belongs to one thread; `set` is replaced there when the replicas change, and a read goes on with
/// the set that it began with.
struct ThreadContext {
  const Settings& settings;
  Shared& shared;
  replica::Connections& connections;
  metrics::ThreadCounters& counters;
  std::function<void(const discovery::Endpoint&)> nudge;  ///< a connection to it was refused
  ReplicaSetPtr set;
  log::Seldom seldom{std::chrono::seconds(30)};
  std::vector<std::weak_ptr<Inquiry>> trials{};  ///< under way, their reads perhaps over
  std::set<std::string> told_once{};             ///< ignored matchers that the log has told
};

}  // namespace prombraid::read
