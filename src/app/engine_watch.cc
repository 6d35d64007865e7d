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

EngineWatch::EngineWatch(boost::asio::io_context& io, const config::Config& config, Publish publish)
    : discovery_(io, options_of(config),
                 discovery::make_cares_resolver(io, cares_options_of(config).value()),
                 std::move(publish)) {}

}  // namespace prombraid::app
