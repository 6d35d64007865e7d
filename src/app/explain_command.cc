#include "app/explain_command.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <memory>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "app/kept_answer.h"
#include "app/set_access.h"
#include "app/settings.h"
#include "config/version.h"
#include "discovery/discovery.h"
#include "metrics/metrics.h"
#include "query/selector.h"
#include "read/explained_answer.h"
#include "read/read_route.h"
#include "wire/request.h"

namespace prombraid::app {

namespace asio = boost::asio;

namespace {

/// What a process that serves has for each of its threads, for one read.
class OneRead {
 public:
  explicit OneRead(const config::ExplainConfig& config)
      : config_(config),
        settings_(settings_of(config.server)),
        metrics_(metrics::Constants{}),
        shared_(0, config.server.read_memory_limit),
        access_(config.server.sets.front()),
        connections_(io_.get_executor(), access_.connect_options()),
        context_{.settings = settings_,
                 .shared = shared_,
                 .connections = connections_,
                 .counters = metrics_.add_thread(),
                 .nudge = [](const discovery::Endpoint&) {},
                 .set = nullptr},
        route_(context_),
        watch_(io_, metrics_, watch_options_of(config.server, access_.connect_options()),
               [this](read::ReplicaSetPtr set) { context_.set = std::move(set); }) {}

  Result<void> run(Work work) {
    if (auto fit = access_.check(); fit.has_error()) return std::move(fit).error();
    if (auto begun = access_.start(io_); begun.has_error()) return std::move(begun).error();
    auto options = discovery_options_of(config_.server);
    if (options.has_error()) return std::move(options).error();
    auto cares = cares_options_of(config_.server);
    if (cares.has_error()) return std::move(cares).error();
    discovery::Discovery discovery(
        io_, *std::move(options), discovery::make_cares_resolver(io_, *std::move(cares)),
        [this](const std::shared_ptr<const discovery::EndpointSet>& endpoints) {
          watch_.follow(*endpoints);
        });
    std::exception_ptr thrown;
    // Nothing is left to do after it: the loop then runs out of work.
    asio::co_spawn(io_, ask(discovery, std::move(work)), [&](std::exception_ptr e) {
      thrown = e;
      lookups_ = lookup_lines(discovery.status());
      discovery.stop();
      watch_.stop();
      access_.stop();
      connections_.close_idle();
    });
    discovery.start();
    io_.run();
    if (thrown) std::rethrow_exception(thrown);
    return {};
  }

  /// The page of the server's own route.
  Result<std::string> explain(wire::ReadRequest wanted) {
    server::Request request;
    request.method = "POST";
    request.headers.emplace_back(read::explain_header, std::to_string(config_.limit));
    request.body = wire::encode_read_request(wanted);
    auto ran = run([&](read::ThreadContext&) { return route_(request, answer_); });
    if (ran.has_error()) return std::move(ran).error();
    return outcome();
  }

 private:
  asio::awaitable<void> ask(const discovery::Discovery& discovery, Work work) {
    co_await replicas_known(discovery);
    co_await work(context_);
  }

  /// Until every name was looked up and every replica looked at, or a read's deadline passed.
  asio::awaitable<void> replicas_known(const discovery::Discovery& discovery) {
    asio::steady_timer timer(io_);
    const auto until = std::chrono::steady_clock::now() + config_.server.replica_timeout;
    while (!(all_answered(discovery.status()) && watch_.looked_at_all()) &&
           std::chrono::steady_clock::now() < until) {
      timer.expires_after(std::chrono::milliseconds(10));
      co_await timer.async_wait(asio::use_awaitable);
    }
  }

  static bool all_answered(const discovery::DiscoveryStatus& status) {
    return std::all_of(status.lookups.begin(), status.lookups.end(), [](const auto& lookup) {
      return lookup.since_success.has_value() || !lookup.failures.empty();
    });
  }

  /// What a person needs to know where no replica was found.
  static std::string lookup_lines(const discovery::DiscoveryStatus& status) {
    std::string out;
    for (const auto& lookup : status.lookups) {
      out += "\n" + lookup.name + " " + discovery::name_of(lookup.type) + ": " + lookup.last_answer;
    }
    return out;
  }

  Result<std::string> outcome() const {
    const server::Response& response = answer_.response();
    if (response.status == 200) return response.body;
    std::string text = response.body;
    while (text.ends_with('\n')) text.pop_back();
    const bool own_fault = response.status == 400;
    return Error(own_fault ? ErrorKind::bad_request : ErrorKind::unavailable, text + lookups_);
  }

  const config::ExplainConfig& config_;
  const read::Settings settings_;
  metrics::Metrics metrics_;
  read::Shared shared_;
  asio::io_context io_{1};
  SetAccess access_;
  replica::Connections connections_;
  read::ThreadContext context_;
  read::ReadRoute route_;
  read::ReplicaWatch watch_;
  KeptAnswer answer_;
  std::string lookups_;
};

}  // namespace

Result<std::string> explain(config::ExplainConfig config) {
  auto matchers = query::parse_selector(config.match);
  if (matchers.has_error()) return std::move(matchers).error().in("--match");
  wire::ReadRequest request;
  request.queries.push_back({{*config.start, config.end}, *std::move(matchers), {}});
  request.accepted = {static_cast<std::uint32_t>(wire::ResponseType::streamed_chunks)};
  return OneRead(config).explain(std::move(request));
}

Result<void> with_replicas(const config::ExplainConfig& config, Work work) {
  return OneRead(config).run(std::move(work));
}

}  // namespace prombraid::app
