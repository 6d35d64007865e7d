/// One thread: its event loop, its connections both ways, its reads.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "api/coverage_route.h"
#include "api/engine.h"
#include "api/union_routes.h"
#include "app/set_table.h"
#include "app/traced.h"
#include "config/config.h"
#include "metrics/metrics.h"
#include "read/read_route.h"
#include "read/thread_context.h"
#include "replica/connections.h"
#include "server/server.h"

namespace prombraid::app {

/// What a thread is told of a set.
struct SetNews {
  std::shared_ptr<const read::SetSettings> settings;
  read::ReplicaSetPtr replicas;  ///< null: none is known yet
  replica::ConnectOptions connect;
  std::function<void(const discovery::Endpoint&)> nudge;
};

/// A connection, the read on it and the connections to replicas that the read uses never leave
/// their thread, so nothing on the data's path takes a lock. The kernel spreads connections over
/// the threads (SO_REUSEPORT).
///
/// All methods are called before the loop runs, or on its thread.
class Worker {
 public:
  /// `spans` takes what is traced; empty: nothing is.
  Worker(const config::Config& config, read::Shared& shared, metrics::Metrics& metrics,
         api::Engine engine, const SpanSink& spans);

  boost::asio::io_context& io() { return io_; }
  server::Router& router() { return router_; }
  server::Server& server() { return server_; }
  const server::ServerCounters& http() const { return http_; }

  /// No new connections; returns when the last answer is out. The loop can then run out of work.
  boost::asio::awaitable<void> drain();

  /// What is in force; null before `use`.
  const ConfigPtr& config() const { return config_; }

  /// What its reads use; null before the first replica is known.
  const read::SetsPtr& sets() const { return context_.sets; }

  /// From now on reads obey `settings` and use these sets. A set that was there before, by its
  /// settings, keeps its connections.
  void use(ConfigPtr config, read::Settings settings, std::vector<SetNews> sets);
  void use_engine(std::shared_ptr<const discovery::EndpointSet> endpoints,
                  std::function<void(const discovery::Endpoint&)> nudge) {
    engine_.endpoints = std::move(endpoints);
    engine_.nudge = std::move(nudge);
  }

 private:
  void count(const server::Finished& finished);
  void trace_routes(const SpanSink& spans);

  metrics::ThreadCounters& counters_;
  server::ServerCounters http_;
  const trace::Tracer tracer_;
  ConfigPtr config_;
  server::Router router_;
  boost::asio::io_context io_{1};
  replica::Connections connections_;  ///< to the engine
  read::Settings settings_;
  read::ThreadContext context_;
  read::ReadRoute read_route_;
  api::Engine engine_;
  api::UnionRoutes union_routes_;
  api::EngineRoutes engine_routes_;
  api::CoverageRoute coverage_route_;
  const bool access_log_;
  server::Server server_;
};

}  // namespace prombraid::app
