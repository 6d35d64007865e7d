#include "log/seldom.h"

namespace prombraid::log {

bool Seldom::due(std::string_view key, Time now) {
  const auto over = [&](Time last) { return now - last >= interval_; };
  std::string owned(key);
  const auto found = last_.find(owned);
  if (found != last_.end()) {
    if (!over(found->second)) return false;
    found->second = now;
    return true;
  }
  if (last_.size() >= max_keys_) {
    std::erase_if(last_, [&](const auto& entry) { return over(entry.second); });
    if (last_.size() >= max_keys_) return false;
  }
  last_.emplace(std::move(owned), now);
  return true;
}

}  // namespace prombraid::log
