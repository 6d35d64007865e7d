/// One set of replicas: those that hold the same series and are merged into one.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "access/options.h"

namespace prombraid::config {

/// An item of `replica_sets` in the file, or the one set that the flags make.
struct SetConfig {
  using Duration = std::chrono::milliseconds;

  std::string name = "default";
  std::vector<std::string> replicas;        ///< addresses, as of --replicas; at least one
  std::string path;                         ///< for addresses without one; empty: /api/v1/read
  std::vector<std::string> replica_labels;  ///< empty: found by comparing the replicas
  unsigned min_replicas = 1;                ///< 0: an answer may do without the whole set
  unsigned expected_replicas = 0;           ///< 0: nothing is expected

  Duration connect_timeout{2'000};
  Duration timeout{30'000};
  std::uint64_t max_frame_bytes = 64 << 20;
  std::uint64_t max_series_bytes = 512 << 20;
  std::uint64_t max_response_bytes = 256 << 20;

  std::map<std::string, std::string> required_matchers;
  std::map<std::string, std::string> external_labels;  ///< `${VAR}` is replaced by now
  Duration newest_age{0};                              ///< samples younger than this are elsewhere
  Duration oldest_age{0};                              ///< and those older; 0: no end

  access::Options access;  ///< scheme, TLS, credentials

  bool operator==(const SetConfig&) const = default;
};

}  // namespace prombraid::config
