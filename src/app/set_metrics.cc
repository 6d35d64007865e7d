#include "app/set_metrics.h"

#include <algorithm>

namespace prombraid::app {

void SetFigures::take(std::span<const FollowedSetPtr> sets) {
  std::vector<OneSet> now;
  for (const FollowedSetPtr& set : sets) {
    OneSet& one =
        now.emplace_back(OneSet{set->config().name, 0, 0, set->config().expected_replicas});
    if (!set->replicas()) continue;
    const auto& replicas = set->replicas()->replicas;
    one.replicas = replicas.size();
    one.up = static_cast<std::size_t>(
        std::count_if(replicas.begin(), replicas.end(),
                      [](const read::Replica& r) { return r.problem.empty(); }));
  }
  const std::lock_guard lock(mutex_);
  sets_ = std::move(now);
}

void SetFigures::show(metrics::Families& out) const {
  const std::lock_guard lock(mutex_);
  const auto each = [&](const char* name, const char* help, std::size_t OneSet::* member) {
    out.gauge(name, help);
    for (const OneSet& set : sets_) {
      out.add(static_cast<double>(set.*member), {{"set", set.name}});
    }
  };
  each("set_replicas", "Replicas of a set that are known.", &OneSet::replicas);
  each("set_replicas_up", "Replicas of a set that answered when they were last looked at.",
       &OneSet::up);
  std::size_t expected = 0;
  for (const OneSet& set : sets_) expected += set.expected;
  out.gauge("replicas_expected", "Replicas that there should be (--replicas.expected).");
  out.add(static_cast<double>(expected));
  each("set_replicas_expected", "Replicas that there should be in a set; 0: nobody said.",
       &OneSet::expected);
}

}  // namespace prombraid::app
