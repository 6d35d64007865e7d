#include "api/passed.h"

#include <algorithm>

#include "query/loop_marker.h"

namespace prombraid::api {

bool in_circle(std::string_view passed, std::string_view own) {
  std::size_t proxies = 0;
  while (!passed.empty()) {
    const std::string_view one = passed.substr(0, passed.find(','));
    passed.remove_prefix(std::min(one.size() + 1, passed.size()));
    if (one == own || ++proxies >= query::max_proxies) return true;
  }
  return false;
}

std::string with_marker(std::string_view passed, std::string_view own) {
  return passed.empty() ? std::string(own) : std::string(passed) + "," + std::string(own);
}

}  // namespace prombraid::api
