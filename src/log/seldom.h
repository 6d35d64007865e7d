/// "Once per key per interval", for what would otherwise be said with every read.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

namespace prombraid::log {

/// Belongs to one thread. Remembers at most `max_keys` keys; when full it forgets those whose
/// interval is over, and refuses new ones where none is.
class Seldom {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit Seldom(std::chrono::milliseconds interval, std::size_t max_keys = 1024)
      : interval_(interval), max_keys_(max_keys) {}

  /// True where `key` was not let through within the interval before `now`.
  bool due(std::string_view key, Time now);

 private:
  std::chrono::milliseconds interval_;
  std::size_t max_keys_;
  std::unordered_map<std::string, Time> last_;
};

}  // namespace prombraid::log
