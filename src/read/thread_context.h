/// What the reads of one thread share.
#pragma once

#include <atomic>
#include <set>
#include <string>
#include <vector>

#include "log/seldom.h"
#include "metrics/counters.h"
#include "read/gate.h"
#include "read/inquiry.h"
#include "read/memory_budget.h"
#include "read/sets.h"
#include "read/settings.h"

namespace prombraid::read {

/// Shared by all threads.
struct Shared {
  Shared(std::size_t concurrent_reads, std::size_t memory_limit)
      : gate(concurrent_reads), memory(memory_limit) {}

  Gate gate;
  MemoryBudget memory;
  std::atomic<std::size_t> streaming{0};  ///< streamed answers that have begun and not ended
};

/// Belongs to one thread; `sets` is replaced there when the replicas or the configuration change,
/// and a read goes on with the sets that it began with.
struct ThreadContext {
  const Settings& settings;
  Shared& shared;
  metrics::ThreadCounters& counters;
  replica::Connections& connections;  ///< to others than replicas
  SetsPtr sets;                       ///< null: nothing is known yet
  log::Seldom seldom{std::chrono::seconds(30)};
  std::vector<std::weak_ptr<Inquiry>> trials{};  ///< under way, their reads perhaps over
  std::set<std::string> told_once{};             ///< ignored matchers that the log has told
};

}  // namespace prombraid::read
