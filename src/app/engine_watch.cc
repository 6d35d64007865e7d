#include "app/engine_watch.h"

#include "app/settings.h"

namespace prombraid::app {

namespace {

discovery::DiscoveryOptions options_of(const config::Config& config) {
  discovery::DiscoveryOptions out;
  out.addresses = {discovery::parse_address(config.query_engine_url).value()};
  out.refresh.interval = config.dns_refresh_interval;
  return out;
}

}  // namespace

Result<api::Engine> engine_of(const config::Config& config) {
  api::Engine out;
  out.timeout = config.query_timeout;
  if (config.query_engine_url.empty()) return out;
  auto address = discovery::parse_address(config.query_engine_url);
  if (address.has_error()) return std::move(address).error().in("--query.engine-url");
  out.name = config.query_engine_url;
  // No path means the server's root here, not its route of reads.
  if (address->path != discovery::default_path) out.prefix = address->path;
  while (out.prefix.ends_with('/')) out.prefix.pop_back();
  if (out.prefix.find('?') != std::string::npos) {
    return Error(ErrorKind::bad_request, "--query.engine-url: a prefix has no query");
  }
  return out;
}

EngineWatch::EngineWatch(boost::asio::io_context& io, const config::Config& config, Publish publish)
    : discovery_(io, options_of(config),
                 discovery::make_cares_resolver(io, cares_options_of(config).value()),
                 std::move(publish)) {}

}  // namespace prombraid::app
