/// What a replica says of itself over its HTTP API, and how that is read. Pure: no I/O, no clock.
/// Sources: Prometheus web/api/v1/api.go (serveConfig, serveBuildInfo, serveRuntimeInfo).
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "series/labels.h"

namespace prombraid::replica {

struct ReplicaFacts {
  Labels external_labels;     ///< empty values are dropped, as in any label set
  std::string version;        ///< `2.42.0+ds`, `3.14.0`
  bool asks_samples = false;  ///< 2.52.0 to 2.53.1, which can crash on streamed reads
  std::string retention;      ///< as the server words it: `15d`, `15d or 512MiB`
  std::chrono::milliseconds scrape_interval{0};
  std::string start_time;  ///< RFC 3339, as sent: tells one process from another
  std::string last_config_time;
  bool config_reloaded = true;  ///< the last reload succeeded
  bool reads_remotely = false;  ///< it has remote_read URLs of its own: a loop is possible
  std::chrono::steady_clock::time_point when{};
};

/// `/api/v1/status/config`: external labels, scrape interval, remote_read. The document can hold
/// secrets in clear (`headers:`): nothing else of it is kept, and no error quotes it.
Result<void> parse_config(std::string_view json, ReplicaFacts& facts);

/// `/api/v1/status/buildinfo`: version and asks_samples.
Result<void> parse_buildinfo(std::string_view json, ReplicaFacts& facts);

/// `/api/v1/status/runtimeinfo`: retention and times.
Result<void> parse_runtimeinfo(std::string_view json, ReplicaFacts& facts);

using VersionNumbers = std::array<unsigned, 3>;

/// `2.53.1` of `v2.53.1-rc.0+ds`; nullopt where there are no three numbers.
std::optional<VersionNumbers> numbers_of(std::string_view version);

/// True for 2.52.0 to 2.53.1: they close the chunk querier too early (prometheus commit 5309112,
/// reverted in 2.53.2 by 6e89250).
bool crashes_on_streams(std::string_view version);

/// `15s`, `1m30s`, `1d12h`: Prometheus's durations. nullopt for anything else.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// The server's prefix: `/prom` for a read path `/prom/api/v1/read`. nullopt where the path does
/// not end in `/api/v1/read`, so that nothing is known of the rest of the API.
std::optional<std::string> prefix_of(std::string_view read_path);

}  // namespace prombraid::replica
