#include "app/process.h"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "app/http_metrics.h"
#include "app/reload_rules.h"
#include "app/settings.h"
#include "config/version.h"
#include "log/log.h"

namespace prombraid::app {

namespace asio = boost::asio;

namespace {

metrics::Constants constants_of(const config::Config& config) {
  const config::Version& version = config::version();
  return {std::string(version.number), std::string(version.revision), std::string(version.compiler),
          config.read_concurrent_limit, config.read_memory_limit};
}

ReloadOptions reload_options_of(const config::Config& config) {
  return {config.config_file, config.config_auto_reload ? config.config_auto_reload_interval
                                                        : std::chrono::milliseconds(0)};
}

}  // namespace

Process::Process(config::Config config, Load load)
    : first_(std::make_shared<const config::Config>(std::move(config))),
      config_(*first_),
      load_(std::move(load)),
      metrics_(constants_of(config_)),
      shared_(config_.read_concurrent_limit, config_.read_memory_limit),
      workers_(make_workers()),
      reloader_(workers_.front()->io(), notify_, reload_options_of(config_),
                [this] { return put_in_force(load_()); }),
      signals_(workers_.front()->io()),
      drain_limit_(workers_.front()->io()),
      watchdog_(notify_, loops()) {
  for (const auto& worker : workers_) add_routes(*worker);
}

Process::~Process() = default;

std::vector<std::unique_ptr<Worker>> Process::make_workers() {
  // A bad URL is told by `start`.
  const auto known = engine_of(config_);
  const api::Engine engine = known.has_error() ? api::Engine() : *known;
  SpanSink sink;
  if (!config_.tracing_endpoint.empty()) {
    sink = [this](std::vector<trace::Span> spans) { spans_.add(std::move(spans)); };
  }
  std::vector<std::unique_ptr<Worker>> workers;
  for (unsigned i = 0; i < std::max(1u, config_.threads); ++i) {
    workers.push_back(std::make_unique<Worker>(config_, shared_, metrics_, engine, sink));
  }
  return workers;
}

Result<void> Process::start() {
  metrics_.add_source([this](metrics::Families& out) {
    std::vector<const server::ServerCounters*> servers;
    for (const auto& worker : workers_) servers.push_back(&worker->http());
    show_http(out, servers);
    figures_.show(out);
    certificates_.show(out);
    reloader_.show(out);
    spans_.show(out);
  });
  if (auto engine = engine_of(config_); engine.has_error()) return std::move(engine).error();
  if (auto guarded = start_guard(); guarded.has_error()) return guarded;
  if (auto listening = listen(); listening.has_error()) return listening;
  sets_ = std::make_unique<SetTable>(
      FollowedSet::Around{workers_.front()->io(), metrics_, own_keys_}, [this] { changed(); });
  auto begun = sets_->begin(first_);
  if (begun.has_error()) return begun;
  if (!config_.query_engine_url.empty()) start_engine();
  return start_tracing();
}

Result<void> Process::start_tracing() {
  auto collector = collector_of(config_);
  if (collector.has_error()) return std::move(collector).error();
  if (!*collector) return {};
  exporter_ = std::make_unique<SpanExporter>(workers_.front()->io(), spans_, config_, **collector);
  return {};
}

Result<void> Process::start_guard() {
  if (config_.web_config_file.empty()) return {};
  auto guard = guard::WebGuard::open(config_.web_config_file);
  if (guard.has_error()) {
    // Whatever is wrong with it, it is the command line's fault.
    return Error(ErrorKind::bad_request, guard.error().what).in("--web.config.file");
  }
  guard_ = *std::move(guard);
  for (const auto& worker : workers_) worker->server().guarded_by(*guard_);
  log::info("web configuration", {{"file", config_.web_config_file}, {"tls", guard_->secures()}});
  return {};
}

Result<void> Process::listen() {
  for (const std::string& text : config_.web_listen_addresses) {
    auto address = server::ListenAddress::parse(text);
    if (address.has_error()) return std::move(address).error().in("--web.listen-address");
    auto free = server::free_to_listen(workers_.front()->io(), *address);
    if (free.has_error()) return std::move(free).error().in("--web.listen-address=" + text);
    for (const auto& worker : workers_) {
      auto bound = worker->server().listen(*address);
      if (bound.has_error()) return std::move(bound).error().in("--web.listen-address=" + text);
      // All threads share the port that the first one was given for port 0.
      address->endpoint.port(bound->port());
    }
    exclude(*address);
    log::info("listening", {{"address", text}, {"port", address->endpoint.port()}});
  }
  return {};
}

/// An answer of DNS that leads back here must not make this process its own replica. What a
/// wildcard listener is reached by from outside is not known here; the loop marker finds that.
void Process::exclude(const server::ListenAddress& address) {
  discovery::Endpoint own;
  own.port = address.endpoint.port();
  own.path = discovery::default_path;
  const bool any = address.endpoint.address().is_unspecified();
  const std::vector<std::string> ips =
      any ? std::vector<std::string>{"127.0.0.1", "::1"}
          : std::vector<std::string>{address.endpoint.address().to_string()};
  for (const std::string& ip : ips) {
    own.ip = ip;
    own_keys_.push_back(own.key());
  }
}

void Process::start_engine() {
  engine_watch_ = std::make_unique<EngineWatch>(
      workers_.front()->io(), config_,
      [this](const std::shared_ptr<const discovery::EndpointSet>& endpoints) {
        const auto nudge = [this](const discovery::Endpoint& endpoint) {
          engine_watch_->nudge(endpoint);
        };
        for (const auto& worker : workers_) {
          asio::post(worker->io(), [&worker = *worker, endpoints, nudge] {
            worker.use_engine(endpoints, nudge);
          });
        }
      });
}

void Process::changed() {
  // Ready when each thread knows the replicas: a read that came before would be told of none.
  auto uninformed = std::make_shared<std::size_t>(workers_.size());
  const auto informed = [this, uninformed, serves = serves()] {
    if (--*uninformed == 0) become(serves);
  };
  const read::Settings settings = settings_of(*sets_->config());
  for (const auto& worker : workers_) {
    // Anew for each: credentials and TLS are one thread's.
    std::vector<SetNews> news;
    for (const FollowedSetPtr& set : sets_->sets()) {
      news.push_back({set->settings(), set->replicas(), set->connect_options(), set->nudge()});
    }
    asio::post(worker->io(), [this, &worker = *worker, settings, news = std::move(news),
                              config = sets_->config(), informed]() mutable {
      worker.use(std::move(config), std::move(settings), std::move(news));
      asio::post(workers_.front()->io(), informed);
    });
  }
}

/// At the start a replica that was looked at first would answer alone, with its holes. One that
/// hangs delays this by the deadline of its look, a name that is looked up in vain by the first
/// time, and what comes later by nothing.
bool Process::serves() const {
  const auto sets = sets_->sets();
  const bool begun = can_serve_ || std::all_of(sets.begin(), sets.end(),
                                               [](const auto& set) { return set->settled(); });
  return begun &&
         std::any_of(sets.begin(), sets.end(), [](const auto& set) { return set->serves(); });
}

void Process::become(bool serves) {
  if (serves != can_serve_.exchange(serves)) log::info("readiness", {{"ready", serves}});
}

asio::awaitable<Result<void>> Process::put_in_force(Result<config::Config> next) {
  if (next.has_error()) co_return std::move(next).error();
  if (auto same = check_reloadable(config_, *next); same.has_error()) co_return same;
  if (auto fit = check_startable(*next); fit.has_error()) co_return fit;
  co_return co_await sets_->replace(std::make_shared<const config::Config>(*std::move(next)));
}

std::vector<asio::io_context*> Process::loops() {
  std::vector<asio::io_context*> out;
  for (const auto& worker : workers_) out.push_back(&worker->io());
  return out;
}

}  // namespace prombraid::app
