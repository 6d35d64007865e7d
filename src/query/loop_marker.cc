#include "query/loop_marker.h"

#include <algorithm>
#include <cstdint>

namespace prombraid::query {

namespace {

/// No label name of PromQL's classic form has a dash, so no user's grouping looks like this.
constexpr std::string_view prefix = "prombraid-via-";

/// FNV-1a, 64 bits: the same on every machine and in every release.
std::uint64_t hash(std::span<const std::string> parts) {
  std::uint64_t h = 0xcbf29ce484222325;
  const auto mix = [&h](unsigned char byte) { h = (h ^ byte) * 0x100000001b3; };
  for (const std::string& part : parts) {
    for (const char c : part) mix(static_cast<unsigned char>(c));
    mix(0);
  }
  return h;
}

}  // namespace

std::string loop_marker(std::span<const std::string> replica_addresses) {
  std::vector<std::string> sorted(replica_addresses.begin(), replica_addresses.end());
  std::sort(sorted.begin(), sorted.end());
  std::uint64_t h = hash(sorted);
  std::string out(prefix);
  for (int i = 0; i < 16; ++i, h <<= 4) out += "0123456789abcdef"[h >> 60];
  return out;
}

bool holds_marker(std::span<const std::string> grouping, std::string_view marker) {
  return std::find(grouping.begin(), grouping.end(), marker) != grouping.end();
}

std::size_t proxies_passed(std::span<const std::string> grouping) {
  return static_cast<std::size_t>(
      std::count_if(grouping.begin(), grouping.end(),
                    [](const std::string& name) { return name.starts_with(prefix); }));
}

}  // namespace prombraid::query
