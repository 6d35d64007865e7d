#include "app/settings.h"

#include <algorithm>

#include "app/set_access.h"
#include "query/loop_marker.h"
#include "server/listen_address.h"

namespace prombraid::app {

namespace {

std::vector<std::string> all_addresses(const config::Config& config) {
  std::vector<std::string> out;
  for (const config::SetConfig& set : config.sets) {
    out.insert(out.end(), set.replicas.begin(), set.replicas.end());
  }
  return out;
}

std::optional<Labels> external_labels_of(const config::SetConfig& set) {
  if (set.external_labels.empty()) return std::nullopt;
  Labels::Builder builder;
  for (const auto& [name, value] : set.external_labels) builder.set(name, value);
  return builder.build();
}

/// Of something else than a replica.
Result<discovery::Address> address_of(const std::string& text) {
  auto address = discovery::parse_address(text);
  if (!address.has_error()) return address;
  std::string what = address.error().what;
  constexpr std::string_view of_replicas = "replica ";
  if (what.starts_with(of_replicas)) what.erase(0, of_replicas.size());
  return Error(address.error().kind, std::move(what));
}

/// As it is called where it was given.
std::string name_of_flag(const config::Config& config, const std::string& flag) {
  const auto at = config.file_flags.find(flag);
  return at == config.file_flags.end() ? "--" + flag : at->second.place;
}

}  // namespace

read::Settings settings_of(const config::Config& config) {
  read::Settings out;
  out.plan.ignore_matchers_on = config.read_ignore_matchers_on;
  out.plan.loop_marker = query::loop_marker(all_addresses(config));
  out.tenants = {config.tenants.pass_headers, config.tenants.enforce_label.name,
                 config.tenants.enforce_label.header, config.tenants.enforce_label.value};
  out.request.max_body_bytes = config.limits_request_bytes;
  out.request.max_queries = config.limits_queries_per_request;
  out.request.max_matchers = config.limits_matchers_per_query;
  out.request.max_value_bytes = config.limits_matcher_bytes;
  out.replica_answer.max_answer_bytes = config.read_max_response_bytes;
  out.replica_answer.series.max_labels = config.limits_labels_per_series;
  out.replica_answer.series.max_label_bytes = config.limits_label_bytes_per_series;
  out.straggler_grace = config.read_straggler_grace;
  out.slow_read = config.log_slow_reads;
  out.sample_limit = config.read_sample_limit;
  out.max_series = config.limits_series_per_read;
  out.spool_bytes_crowded =
      std::max<std::size_t>(out.spool_bytes, config.read_memory_limit / (4 * read::crowd));
  return out;
}

read::SetSettings set_settings_of(const config::SetConfig& set) {
  read::SetSettings out;
  out.name = set.name;
  for (const auto& [name, value] : set.required_matchers) {
    out.rules.required.push_back({MatchType::equal, name, value});
  }
  out.rules.external_labels = external_labels_of(set);
  out.rules.newest_age = set.newest_age.count();
  out.rules.oldest_age = set.oldest_age.count();
  out.replica_timeout = set.timeout;
  out.min_replicas = set.min_replicas;
  out.max_frame_bytes = set.max_frame_bytes;
  out.max_series_bytes = set.max_series_bytes;
  out.max_response_bytes = set.max_response_bytes;
  return out;
}

read::WatchOptions watch_options_of(const config::SetConfig& set, replica::ConnectOptions connect) {
  read::WatchOptions out;
  out.set = set.name;
  out.replica_labels = set.replica_labels;
  out.external_labels = external_labels_of(set);
  out.connect = std::move(connect);
  return out;
}

Result<discovery::DiscoveryOptions> discovery_options_of(const config::Config& config,
                                                         const config::SetConfig& set) {
  discovery::DiscoveryOptions out;
  for (const std::string& text : set.replicas) {
    auto address = discovery::parse_address(text);
    if (address.has_error()) return std::move(address).error().in("--replicas");
    if (address->scheme == discovery::Address::Scheme::unsaid && set.access.https) {
      address->scheme = discovery::Address::Scheme::https;
    }
    if (!set.path.empty() && address->path == discovery::default_path) address->path = set.path;
    out.addresses.push_back(std::move(*address));
  }
  out.refresh.interval = config.dns_refresh_interval;
  return out;
}

Result<api::Engine> engine_of(const config::Config& config) {
  api::Engine out;
  out.timeout = config.query_timeout;
  if (config.query_engine_url.empty()) return out;
  const std::string flag = name_of_flag(config, "query.engine-url");
  auto address = address_of(config.query_engine_url);
  if (address.has_error()) return std::move(address).error().in(flag);
  out.name = config.query_engine_url;
  // No path means the server's root here, not its route of reads.
  if (address->path != discovery::default_path) out.prefix = address->path;
  while (out.prefix.ends_with('/')) out.prefix.pop_back();
  if (out.prefix.find('?') != std::string::npos) {
    return Error(ErrorKind::bad_request, flag + ": a prefix has no query");
  }
  return out;
}

Result<std::optional<discovery::Address>> collector_of(const config::Config& config) {
  if (config.tracing_endpoint.empty()) return std::optional<discovery::Address>();
  const std::string flag = name_of_flag(config, "tracing.endpoint");
  auto address = address_of(config.tracing_endpoint);
  if (address.has_error()) return std::move(address).error().in(flag);
  using Scheme = discovery::Address::Scheme;
  if (address->scheme == Scheme::unsaid && config.tracing_access.https) {
    address->scheme = Scheme::https;
  }
  if (address->path == discovery::default_path) address->path = "/v1/traces";
  access::Access access(config.tracing_access, nullptr);
  if (config.tracing_access != config::by_https()) {
    if (auto read = access.check(); read.has_error()) {
      return Error(ErrorKind::bad_request, read.error().what).in("tracing");
    }
  }
  return std::optional(*std::move(address));
}

Result<discovery::CaresOptions> cares_options_of(const config::Config& config) {
  for (const std::string& server : config.dns_servers) {
    auto checked = discovery::check_dns_server(server);
    if (checked.has_error()) {
      return std::move(checked).error().in(name_of_flag(config, "dns.server"));
    }
  }
  discovery::CaresOptions out;
  out.servers = config.dns_servers;
  return out;
}

Result<void> check_startable(const config::Config& config) {
  for (const config::SetConfig& set : config.sets) {
    if (auto options = discovery_options_of(config, set); options.has_error()) {
      return std::move(options).error();
    }
  }
  if (auto options = cares_options_of(config); options.has_error()) {
    return std::move(options).error();
  }
  for (const config::SetConfig& set : config.sets) {
    if (auto fit = SetAccess(set).check(); fit.has_error()) return fit;
  }
  for (const std::string& text : config.web_listen_addresses) {
    auto address = server::ListenAddress::parse(text);
    if (address.has_error()) {
      return std::move(address).error().in(name_of_flag(config, "web.listen-address"));
    }
  }
  if (auto engine = engine_of(config); engine.has_error()) return std::move(engine).error();
  if (auto collector = collector_of(config); collector.has_error()) {
    return std::move(collector).error();
  }
  return {};
}

}  // namespace prombraid::app
