#include "config/flag_table.h"

#include "config/flag_setters.h"
#include "config/units.h"

namespace prombraid::config {

using namespace setters;

namespace {

void add_file(std::vector<Flag>& flags, Config& c) {
  const std::string group = "Configuration file";
  flags.push_back({group, "config.file", "FILE", false,
                   "A YAML file with several sets of replicas, tenants, and any flag but those of "
                   "this group; see docs/configuration.md. A flag that the file contradicts is an "
                   "error. SIGHUP reads the file anew.",
                   text(c.config_file)});
  flags.push_back({group, "config.auto-reload", "", false,
                   "Read the file anew when its content has changed.",
                   boolean(c.config_auto_reload)});
  flags.push_back(
      {group, "config.auto-reload-interval", format_duration(c.config_auto_reload_interval), false,
       "How often the file is looked at for that.", duration(c.config_auto_reload_interval)});
}

void add_replicas(std::vector<Flag>& flags, Config& c) {
  const std::string group = "Replicas";
  flags.push_back(
      {group, "replicas", "ADDRESS", true,
       "A replica, or a name that stands for several; all that are given are one set. "
       "host:port is taken as it is, dns+host:port is every A and AAAA address, "
       "dnssrv+_port._tcp.host is the addresses of the SRV targets, dnssrvnoa+ the "
       "targets as names. http:// or https:// after the prefix and a path after the port are "
       "accepted; the path is /api/v1/read otherwise. Required, unless a file has replica_sets.",
       texts(c.replicas)});
  flags.push_back(
      {group, "replicas.expected", std::to_string(c.replicas_expected), false,
       "How many replicas there should be: fewer are told in the log, on the status "
       "page and in the metrics; 0 is no expectation. Reads go on with those there are.",
       count(c.replicas_expected, 0)});
  flags.push_back({group, "replica-label", "NAME", true,
                   "An external label that tells the replicas apart and is dropped from answers. "
                   "Without it these labels are found by comparing the replicas' own external "
                   "labels; prometheus_replica and replica where they can't be asked.",
                   texts(c.replica_labels)});
  flags.push_back({group, "replica.connect-timeout", format_duration(c.replica_connect_timeout),
                   false, "How long a connection to a replica may take to stand.",
                   duration(c.replica_connect_timeout)});
  flags.push_back({group, "replica.timeout", format_duration(c.replica_timeout), false,
                   "The deadline of a read. Keep it below the remote_timeout of the clients, which "
                   "is 1m by default.",
                   duration(c.replica_timeout)});
  flags.push_back({group, "replica.max-frame-bytes", format_size(c.replica_max_frame_bytes), false,
                   "The largest frame accepted from a replica. Prometheus sends 1MiB, or one "
                   "series where that is larger.",
                   size(c.replica_max_frame_bytes, 64 << 10)});
  flags.push_back({group, "replica.max-series-bytes", format_size(c.replica_max_series_bytes),
                   false, "The largest series accepted from a replica, all frames of it together.",
                   size(c.replica_max_series_bytes, 64 << 10)});
}

void add_dns(std::vector<Flag>& flags, Config& c) {
  const std::string group = "DNS";
  flags.push_back({group, "dns.server", "IP:PORT", true,
                   "A DNS server to ask in place of those in resolv.conf.", texts(c.dns_servers)});
  flags.push_back({group, "dns.refresh-interval", format_duration(c.dns_refresh_interval), false,
                   "How often names are looked up at the latest; a shorter time to live in the "
                   "answer is honoured down to 5s.",
                   duration(c.dns_refresh_interval)});
}

void add_reads(std::vector<Flag>& flags, Config& c) {
  const std::string group = "Reads";
  flags.push_back({group, "read.min-replicas", std::to_string(c.read_min_replicas), false,
                   "How many replicas must answer; with fewer the read is an error.",
                   count(c.read_min_replicas, 1)});
  flags.push_back({group, "read.straggler-grace", format_duration(c.read_straggler_grace), false,
                   "How long the last replica is waited for where the others have answered and one "
                   "of them has run since before the range; 0 waits for its deadline. What only "
                   "that replica has is then missing; the answer says that it was left out.",
                   duration(c.read_straggler_grace, Zero::taken)});
  flags.push_back({group, "read.ignore-matchers-on", "NAME", true,
                   "A label on which all matchers are ignored: an external label of an upstream "
                   "that has filter_external_labels on and names no replica by it.",
                   texts(c.read_ignore_matchers_on)});
  flags.push_back({group, "read.memory-limit", "SIZE", false,
                   "What all reads together may hold. Without it half of the control group's "
                   "limit or of the machine's memory, up to 1GiB.",
                   size(c.read_memory_limit, 16 << 20)});
  flags.push_back(
      {group, "read.max-response-bytes", format_size(c.read_max_response_bytes), false,
       "The largest answer of a replica in samples, compressed and uncompressed, as it must be "
       "held whole; never more than --read.memory-limit. Streamed answers have no such limit.",
       size(c.read_max_response_bytes, 1 << 20)});
  flags.push_back({group, "storage.remote.read-sample-limit", "5e7", false,
                   "The most samples that one query of an answer in samples may give; 0 is no "
                   "limit. Streamed answers ignore it, as in Prometheus.",
                   count(c.read_sample_limit, 0)});
  flags.push_back({group, "storage.remote.read-concurrent-limit",
                   std::to_string(c.read_concurrent_limit), false,
                   "How many reads run at once, others wait; 0 is no limit.",
                   count(c.read_concurrent_limit, 0)});
  flags.push_back({group, "storage.remote.read-max-bytes-in-frame",
                   std::to_string(c.read_max_bytes_in_frame), false,
                   "Accepted for the sake of Prometheus's command lines and not used: a series is "
                   "kept in one frame, because Prometheus's client takes each frame as a new "
                   "series and reads only the first series of a frame. A series goes up to the "
                   "client's own limit of 50,000,000 bytes a frame.",
                   size(c.read_max_bytes_in_frame, 0)});
}

void add_limits(std::vector<Flag>& flags, Config& c) {
  const std::string group = "Limits";
  flags.push_back({group, "limits.request-bytes", format_size(c.limits_request_bytes), false,
                   "The largest request, as it is sent and uncompressed; Prometheus's own limit.",
                   size(c.limits_request_bytes, 1 << 10)});
  flags.push_back({group, "limits.queries-per-request",
                   std::to_string(c.limits_queries_per_request), false,
                   "The most queries in one request.", count(c.limits_queries_per_request, 1)});
  flags.push_back({group, "limits.matchers-per-query", std::to_string(c.limits_matchers_per_query),
                   false, "The most matchers in one query.",
                   count(c.limits_matchers_per_query, 1)});
  flags.push_back({group, "limits.matcher-bytes", format_size(c.limits_matcher_bytes), false,
                   "The longest value of a matcher: dashboards send long regular expressions.",
                   size(c.limits_matcher_bytes, 1 << 10)});
  flags.push_back({group, "limits.series-per-read", std::to_string(c.limits_series_per_read), false,
                   "The most series that the answer to one request may have; 0 is no limit, as by "
                   "default in Thanos and Mimir, since series are not held.",
                   count(c.limits_series_per_read, 0)});
  flags.push_back({group, "limits.labels-per-series", std::to_string(c.limits_labels_per_series),
                   false, "The most labels that a series of a replica may have.",
                   count(c.limits_labels_per_series, 1)});
  flags.push_back({group, "limits.label-bytes-per-series",
                   format_size(c.limits_label_bytes_per_series), false,
                   "The most bytes that the names and values of a series' labels may have.",
                   size(c.limits_label_bytes_per_series, 1 << 10)});
}

void add_queries(std::vector<Flag>& flags, Config& c) {
  const std::string group = "Queries";
  flags.push_back({group, "query.engine-url", "URL", false,
                   "A Prometheus that evaluates PromQL and reads back through this process, as "
                   "http://prometheus:9090. /api/v1/query and its like are passed on to it, so "
                   "that Grafana needs one URL. Without it they are errors that say so.",
                   [&c](const std::string& text) -> Result<void> {
                     c.query_engine_url = text;
                     return {};
                   }});
  flags.push_back({group, "query.timeout", format_duration(c.query_timeout), false,
                   "How long the engine may take for a query.", duration(c.query_timeout)});
}

void add_web(std::vector<Flag>& flags, Config& c) {
  const std::string group = "Web";
  flags.push_back({group, "web.listen-address", c.web_listen_addresses.front(), true,
                   "Where to listen for reads, /metrics and the status page.",
                   texts_over_default(c.web_listen_addresses)});
  flags.push_back({group, "web.config.file", "FILE", false,
                   "TLS, logins, security headers and a rate limit for clients, as "
                   "exporter-toolkit's web configuration. It and the certificates it names are "
                   "read again when they change.",
                   text(c.web_config_file)});
  flags.push_back({group, "web.max-connections", std::to_string(c.web_max_connections), false,
                   "The most connections open at once.", count(c.web_max_connections, 1)});
  flags.push_back({group, "web.enable-lifecycle", "", false,
                   "Let POST /-/reload read the configuration file anew.",
                   boolean(c.web_enable_lifecycle)});
  flags.push_back({group, "web.access-log", "", false,
                   "Log each request when it is answered: who asked for what, the status, how "
                   "long it took and how much went out.",
                   boolean(c.web_access_log)});
  flags.push_back({group, "web.read-timeout", format_duration(c.web_read_timeout), false,
                   "How long a client may take to send its request.",
                   duration(c.web_read_timeout)});
}

void add_tracing(std::vector<Flag>& flags, Config& c) {
  const std::string group = "Tracing";
  flags.push_back({group, "tracing.endpoint", "URL", false,
                   "A collector of OpenTelemetry that spans are sent to by OTLP over HTTP, as "
                   "http://collector:4318; the path is /v1/traces where none is given. A trace "
                   "that a request's traceparent begins goes on to the replicas.",
                   text(c.tracing_endpoint)});
  flags.push_back({group, "tracing.sampling-fraction", "0", false,
                   "How many of the requests without a traceparent are traced: 0 none, 1 all. "
                   "The others are traced where their traceparent says so.",
                   fraction(c.tracing_sampling_fraction)});
  flags.push_back({group, "tracing.timeout", format_duration(c.tracing_timeout), false,
                   "How long the collector may take for a batch of spans.",
                   duration(c.tracing_timeout)});
}

void add_process(std::vector<Flag>& flags, Config& c) {
  const std::string group = "Process";
  flags.push_back({group, "threads", "N", false,
                   "Threads that serve. Without it the control group's CPU quota rounded up, or "
                   "the cores.",
                   count(c.threads, 1, 1024)});
  flags.push_back({group, "log.level", "info", false,
                   "The lowest level that is logged: debug, info, warn or error.",
                   choice<log::Level>(c.log_level, {{"debug", log::Level::debug},
                                                    {"info", log::Level::info},
                                                    {"warn", log::Level::warn},
                                                    {"error", log::Level::error}})});
  flags.push_back({group, "log.slow-reads", "DURATION", false,
                   "Log a read that takes as long: who asked, the first selector, series, samples, "
                   "bytes and replicas. Without it none is.",
                   duration(c.log_slow_reads)});
  flags.push_back({group, "log.format", "logfmt", false, "How a line is written: logfmt or json.",
                   choice<log::Format>(c.log_format, {{"logfmt", log::Format::logfmt},
                                                      {"json", log::Format::json}})});
}

}  // namespace

std::vector<Flag> flag_table(Config& config) {
  std::vector<Flag> flags;
  add_file(flags, config);
  add_replicas(flags, config);
  add_dns(flags, config);
  add_reads(flags, config);
  add_limits(flags, config);
  add_queries(flags, config);
  add_web(flags, config);
  add_tracing(flags, config);
  add_process(flags, config);
  return flags;
}

}  // namespace prombraid::config
