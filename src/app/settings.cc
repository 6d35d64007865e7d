#include "app/settings.h"

#include <algorithm>

#include "app/set_access.h"
#include "query/loop_marker.h"
#include "server/listen_address.h"

namespace prombraid::app {

read::Settings settings_of(const config::Config& config) {
  read::Settings out;
  out.plan.ignore_matchers_on = config.read_ignore_matchers_on;
  out.plan.loop_marker = query::loop_marker(config.sets.front().replicas);
  out.request.max_body_bytes = config.limits_request_bytes;
  out.request.max_queries = config.limits_queries_per_request;
  out.request.max_matchers = config.limits_matchers_per_query;
  out.request.max_value_bytes = config.limits_matcher_bytes;
  out.replica_answer.max_answer_bytes = config.read_max_response_bytes;
  out.replica_answer.series.max_labels = config.limits_labels_per_series;
  out.replica_answer.series.max_label_bytes = config.limits_label_bytes_per_series;
  out.replica_timeout = config.replica_timeout;
  out.straggler_grace = config.read_straggler_grace;
  out.slow_read = config.log_slow_reads;
  out.min_replicas = config.read_min_replicas;
  out.sample_limit = config.read_sample_limit;
  out.max_series = config.limits_series_per_read;
  out.max_frame_bytes = config.replica_max_frame_bytes;
  out.max_series_bytes = config.replica_max_series_bytes;
  out.max_response_bytes = config.read_max_response_bytes;
  out.spool_bytes_crowded =
      std::max<std::size_t>(out.spool_bytes, config.read_memory_limit / (4 * read::crowd));
  return out;
}

read::WatchOptions watch_options_of(const config::Config& config, replica::ConnectOptions connect) {
  read::WatchOptions out;
  out.replica_labels = config.replica_labels;
  out.connect = std::move(connect);
  return out;
}

Result<discovery::DiscoveryOptions> discovery_options_of(const config::Config& config) {
  discovery::DiscoveryOptions out;
  const config::SetConfig& set = config.sets.front();
  for (const std::string& text : set.replicas) {
    auto address = discovery::parse_address(text);
    if (address.has_error()) return std::move(address).error().in("--replicas");
    if (address->scheme == discovery::Address::Scheme::unsaid && set.access.https) {
      address->scheme = discovery::Address::Scheme::https;
    }
    out.addresses.push_back(std::move(*address));
  }
  out.refresh.interval = config.dns_refresh_interval;
  return out;
}

Result<discovery::CaresOptions> cares_options_of(const config::Config& config) {
  for (const std::string& server : config.dns_servers) {
    auto checked = discovery::check_dns_server(server);
    if (checked.has_error()) return std::move(checked).error().in("--dns.server");
  }
  discovery::CaresOptions out;
  out.servers = config.dns_servers;
  return out;
}

Result<void> check_startable(const config::Config& config) {
  if (auto options = discovery_options_of(config); options.has_error()) {
    return std::move(options).error();
  }
  if (auto options = cares_options_of(config); options.has_error()) {
    return std::move(options).error();
  }
  for (const config::SetConfig& set : config.sets) {
    if (auto fit = SetAccess(set).check(); fit.has_error()) return fit;
  }
  for (const std::string& text : config.web_listen_addresses) {
    auto address = server::ListenAddress::parse(text);
    if (address.has_error()) return std::move(address).error().in("--web.listen-address");
  }
  return {};
}

}  // namespace prombraid::app
