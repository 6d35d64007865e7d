#include "app/worker.h"

#include <algorithm>
#include <random>

#include "app/settings.h"
#include "log/log.h"

namespace prombraid::app {

namespace {

/// The connections of the seat that has these very settings; null where there is none.
std::shared_ptr<replica::Connections> connections_of(const read::SetsPtr& sets,
                                                     const read::SetSettings* settings) {
  if (!sets) return nullptr;
  for (const read::SetSeat& seat : sets->seats) {
    if (seat.settings.get() == settings) return seat.connections;
  }
  return nullptr;
}

trace::Tracer::Random random_bits() {
  std::random_device device;
  const std::uint64_t seed = std::uint64_t{device()} << 32 | device();
  return [engine = std::mt19937_64(seed)]() mutable { return engine(); };
}

server::ServerOptions server_options(const config::Config& config) {
  server::ServerOptions options;
  options.limits.body_bytes = config.limits_request_bytes;
  // One of the longest bodies must have room, whatever else is the share of a thread.
  options.bodies_bytes = std::max(options.bodies_bytes, config.limits_request_bytes);
  options.timeouts.head = std::min(options.timeouts.head, config.web_read_timeout);
  options.timeouts.body = config.web_read_timeout;
  options.connections = std::max<std::size_t>(1, config.web_max_connections / config.threads);
  options.reuse_port = config.threads > 1;
  return options;
}

/// By the TLS of the first set, of which the engine mostly is a neighbour, and without what is
/// meant for the replicas alone.
replica::ConnectOptions engine_options(const config::Config& config) {
  access::Options access;
  access.tls = config.sets.front().access.tls;
  access.tls.server_name.clear();
  replica::ConnectOptions out;
  out.access = std::make_shared<access::Access>(std::move(access), nullptr);
  return out;
}

}  // namespace

Worker::Worker(const config::Config& config, read::Shared& shared, metrics::Metrics& metrics,
               api::Engine engine, const SpanSink& spans)
    : counters_(metrics.add_thread()),
      tracer_(config.tracing_sampling_fraction, random_bits()),
      connections_(io_.get_executor(), engine_options(config)),
      settings_(settings_of(config)),
      context_{settings_, shared, counters_, connections_, nullptr},
      read_route_(context_),
      engine_(std::move(engine)),
      union_routes_(context_),
      engine_routes_(context_, engine_),
      coverage_route_(context_),
      access_log_(config.web_access_log),
      server_(io_, router_, server_options(config), http_,
              {[this](const server::Finished& finished) { count(finished); },
               [](std::string_view line) { log::warn(line); }}) {
  if (spans) trace_routes(spans);
  router_.add("POST", "/api/v1/read", [this](server::Request& request, server::Responder& out) {
    return read_route_(request, out);
  });
  union_routes_.add_to(router_);
  engine_routes_.add_to(router_);
  coverage_route_.add_to(router_);
}

/// What asks others, and not what tells of this process itself.
void Worker::trace_routes(const SpanSink& spans) {
  router_.wrap([this, spans](const std::string& method, const std::string& path,
                             server::Route route) -> server::Route {
    const bool asks = path.starts_with("/api/v1/") && !path.starts_with("/api/v1/status/");
    return asks ? traced(tracer_, spans, method, path, std::move(route)) : std::move(route);
  });
}

boost::asio::awaitable<void> Worker::drain() {
  server_.drain();
  co_await server_.drained();
  read::end_trials(context_);
  connections_.close_idle();
  if (!context_.sets) co_return;
  for (const read::SetSeat& seat : context_.sets->seats) seat.connections->close_idle();
}

void Worker::use(ConfigPtr config, read::Settings settings, std::vector<SetNews> sets) {
  config_ = std::move(config);
  auto next = std::make_shared<read::Sets>();
  for (SetNews& news : sets) {
    auto connections = connections_of(context_.sets, news.settings.get());
    if (!connections) {
      connections =
          std::make_shared<replica::Connections>(io_.get_executor(), std::move(news.connect));
    }
    next->seats.push_back({std::move(news.settings), std::move(connections),
                           std::move(news.replicas), std::move(news.nudge)});
  }
  settings_ = std::move(settings);
  context_.sets = std::move(next);
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
