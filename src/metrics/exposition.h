/// Which metric shows which counter, under which name and with which help.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "metrics/counters.h"
#include "metrics/families.h"
#include "metrics/metrics.h"
#include "metrics/process.h"

namespace prombraid::metrics {

using Threads = std::vector<std::unique_ptr<ThreadCounters>>;
template <class C>
using ByName = std::map<std::string, std::shared_ptr<C>, std::less<>>;

void write_constants(Families& out, const Constants& constants);
void write_reads(Families& out, const Threads& threads);
void write_series(Families& out, const Threads& threads);
void write_http(Families& out, const Threads& threads);
void write_replicas(Families& out, const ByName<ReplicaCounters>& replicas);
void write_discovery(Families& out, const ByName<DiscoveryCounters>& names);
void write_process(Families& out, const ProcessStats& stats);

}  // namespace prombraid::metrics
