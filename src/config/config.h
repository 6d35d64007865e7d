/// What the process was told to do, checked for form. Addresses are text here: discovery and the
/// server parse them.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "access/options.h"
#include "config/set_config.h"
#include "config/tenants.h"
#include "log/log.h"

namespace prombraid::config {

/// How a collector is reached that says no scheme, as OpenTelemetry has it.
inline access::Options by_https() {
  access::Options out;
  out.https = true;
  return out;
}

/// A flag that the file has as a key.
struct FileFlag {
  std::string text;   ///< as it was given, for people
  std::string place;  ///< `FILE:LINE:COLUMN: path.of.the.key`
};

/// Each member but tracing_access and the last four is the flag of the same name; its default is
/// the flag's default.
struct Config {
  using Duration = std::chrono::milliseconds;

  std::string config_file;  ///< empty: none
  bool config_auto_reload = false;
  Duration config_auto_reload_interval{30'000};

  /// What a set is that does not say otherwise; `sets` has the outcome.
  std::vector<std::string> replicas;
  unsigned replicas_expected = 0;           ///< 0: nothing is expected
  std::vector<std::string> replica_labels;  ///< empty: found by comparing the replicas
  Duration replica_connect_timeout{2'000};
  Duration replica_timeout{30'000};  ///< the deadline of a whole read
  std::uint64_t replica_max_frame_bytes = 64 << 20;
  std::uint64_t replica_max_series_bytes = 512 << 20;

  std::vector<std::string> dns_servers;  ///< IP:port; empty: resolv.conf
  Duration dns_refresh_interval{30'000};

  unsigned read_min_replicas = 1;
  Duration read_straggler_grace{0};  ///< 0: every replica is waited for
  std::vector<std::string> read_ignore_matchers_on;
  std::uint64_t read_memory_limit = 0;  ///< bytes; by default set from the host
  std::uint64_t read_max_response_bytes = 256 << 20;
  std::uint64_t read_sample_limit = 50'000'000;     ///< per query of a SAMPLES read; 0: none
  unsigned read_concurrent_limit = 10;              ///< 0: none
  std::uint64_t read_max_bytes_in_frame = 1 << 20;  ///< accepted and not used, see --help
  std::uint64_t limits_request_bytes = 32 << 20;
  unsigned limits_queries_per_request = 1000;
  unsigned limits_matchers_per_query = 512;
  std::uint64_t limits_matcher_bytes = 1 << 20;
  std::uint64_t limits_series_per_read = 0;  ///< 0: none
  unsigned limits_labels_per_series = 1000;
  std::uint64_t limits_label_bytes_per_series = 1 << 20;

  std::string query_engine_url;  ///< empty: PromQL is not passed on
  Duration query_timeout{120'000};

  std::vector<std::string> web_listen_addresses;  ///< never empty: {":9201"} by default
  bool web_enable_lifecycle = false;
  bool web_access_log = false;
  std::string web_config_file;  ///< empty: plain HTTP for everybody
  unsigned web_max_connections = 512;
  Duration web_read_timeout{30'000};

  std::string tracing_endpoint;  ///< empty: no spans
  double tracing_sampling_fraction = 0;
  Duration tracing_timeout{10'000};
  access::Options tracing_access = by_https();  ///< of the file alone: scheme, headers, TLS

  unsigned threads = 1;  ///< by default set from the host
  log::Level log_level = log::Level::info;
  Duration log_slow_reads{0};  ///< 0: none
  log::Format log_format = log::Format::logfmt;

  std::vector<SetConfig> sets;  ///< never empty, in the order of the file
  Tenants tenants;

  std::map<std::string, std::string> given_flags;  ///< as they were given, for people
  std::map<std::string, FileFlag> file_flags;      ///< those that the file has
};

}  // namespace prombraid::config
