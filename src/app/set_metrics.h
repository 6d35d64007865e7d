/// The sets of replicas, as metrics.
#pragma once

#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "app/followed_set.h"
#include "metrics/families.h"

namespace prombraid::app {

/// What a scrape, on any thread, shows of the sets: a copy that the first thread makes before it.
class SetFigures {
 public:
  void take(std::span<const FollowedSetPtr> sets);
  void show(metrics::Families& out) const;

 private:
  struct OneSet {
    std::string name;
    std::size_t replicas = 0;
    std::size_t up = 0;  ///< answered the last look at them
    std::size_t expected = 0;
  };

  mutable std::mutex mutex_;
  std::vector<OneSet> sets_;
};

}  // namespace prombraid::app
