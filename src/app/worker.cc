#include "app/worker.h"

#include "log/log.h"

namespace prombraid::app {

namespace {

server::ServerOptions server_options(const config::Config& config) {
  server::ServerOptions options;
  options.limits.body_bytes = config.limits_request_bytes;
  options.timeouts.body = config.web_read_timeout;
  options.connections = std::max<std::size_t>(1, config.web_max_connections / config.threads);
  options.reuse_port = config.threads > 1;
  return options;
}

}  // namespace

Worker::Worker(const config::Config& config, const read::Settings& settings, read::Shared& shared,
               metrics::Metrics& metrics, replica::ConnectOptions connect, api::Engine engine,
               std::function<void(const discovery::Endpoint&)> nudge)
    : counters_(metrics.add_thread()),
      connections_(io_.get_executor(), std::move(connect)),
      context_{settings, shared, connections_, counters_, std::move(nudge), nullptr},
      read_route_(context_),
      engine_(std::move(engine)),
      union_routes_(context_),
      engine_routes_(context_, engine_),
      coverage_route_(context_),
      access_log_(config.web_access_log),
      server_(io_, router_, server_options(config), http_,
              {[this](const server::Finished& finished) { count(finished); },
               [](std::string_view line) { log::warn(line); }}) {
  router_.add("POST", "/api/v1/read", [this](server::Request& request, server::Responder& out) {
    return read_route_(request, out);
  });
  union_routes_.add_to(router_);
  engine_routes_.add_to(router_);
  coverage_route_.add_to(router_);
}

boost::asio::awaitable<void> Worker::drain() {
  server_.drain();
  co_await server_.drained();
  read::end_trials(context_);
  connections_.close_idle();
}

void Worker::count(const server::Finished& finished) {
  counters_.count_request(finished.path, finished.method, finished.status);
  if (!access_log_) return;
  constexpr std::size_t longest = 256;
  log::info("request", {{"remote", finished.remote},
                        {"method", finished.method},
                        {"path", finished.asked.substr(0, longest)},
                        {"status", finished.status},
                        {"complete", finished.complete},
                        {"duration", std::chrono::nanoseconds(finished.took)},
                        {"bytes_in", finished.body_in},
                        {"bytes_out", finished.bytes_out}});
}

}  // namespace prombraid::app
