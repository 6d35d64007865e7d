#include "read/coverage.h"

#include <algorithm>

namespace prombraid::read {

bool covered_without(AskedReplicas asked, const query::Plan& plan,
                     const std::vector<bool>& answered, std::size_t last) {
  const auto covers = [&](std::size_t i, std::size_t query) {
    if (i == last || !answered[i] || !asked[i]->running_since) return false;
    if (plan.reads[i].set != plan.reads[last].set) return false;
    const auto& indexes = plan.reads[i].query_index;
    return *asked[i]->running_since <= plan.queries[query].range.start &&
           std::binary_search(indexes.begin(), indexes.end(), query);
  };
  const auto& queries = plan.reads[last].query_index;
  return std::all_of(queries.begin(), queries.end(), [&](std::size_t query) {
    for (std::size_t i = 0; i < asked.size(); ++i) {
      if (covers(i, query)) return true;
    }
    return false;
  });
}

}  // namespace prombraid::read
