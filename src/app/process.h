/// The whole program: threads, discovery, routes, signals, and the order in which they end.
#pragma once

#include <memory>
#include <thread>
#include <vector>

#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "app/engine_watch.h"
#include "app/service_notify.h"
#include "app/set_access.h"
#include "app/worker.h"
#include "base/error.h"
#include "config/config.h"
#include "discovery/discovery.h"
#include "guard/web_guard.h"
#include "metrics/metrics.h"
#include "read/replica_watch.h"

namespace prombraid::app {

/// The first worker runs on the thread that calls `run`, and has discovery, the look at replicas
/// and the signals beside its reads.
class Process {
 public:
  explicit Process(config::Config config);
  ~Process();

  /// Parses what the flags left as text, and binds. Fails with bad_request (a flag) or unavailable
  /// (an address that is in use).
  Result<void> start();

  /// Serves until SIGTERM or SIGINT, then drains: not ready, no new connections, running answers
  /// finish within 30 s. A second signal ends at once. Returns the exit code.
  int run();

 private:
  std::vector<std::unique_ptr<Worker>> make_workers();
  Result<void> start_discovery();
  void start_engine();
  Result<void> start_guard();
  Result<void> listen();
  void add_routes(Worker& worker);
  void take(read::ReplicaSetPtr set);
  void consider_ready();
  void tell_missing(std::size_t before, std::size_t now) const;
  void on_signal();
  void drain();
  void finish();
  void break_off();
  void exclude(const server::ListenAddress& address);
  bool ready() const;
  boost::asio::awaitable<void> collect_discovery();
  boost::asio::awaitable<std::string> status_page();
  boost::asio::awaitable<std::string> replicas_json();
  void add_pages(server::Router& router);
  std::vector<boost::asio::io_context*> loops();

  const config::Config config_;
  const std::chrono::system_clock::time_point started_ = std::chrono::system_clock::now();
  read::Settings settings_;
  metrics::Metrics metrics_;
  read::Shared shared_;
  std::unique_ptr<guard::WebGuard> guard_;  ///< null: plain HTTP for everybody
  SetAccess access_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::thread> threads_;
  std::vector<std::string> own_keys_;  ///< where this process itself listens
  std::unique_ptr<discovery::Discovery> discovery_;
  std::unique_ptr<read::ReplicaWatch> watch_;
  std::unique_ptr<EngineWatch> engine_watch_;  ///< null: no engine
  boost::asio::signal_set signals_;
  boost::asio::steady_timer drain_limit_;
  read::ReplicaSetPtr set_;  ///< the first worker's
  std::atomic<bool> can_serve_{false};
  std::atomic<bool> draining_{false};
  std::size_t undrained_ = 0;
  const ServiceNotify notify_;
  Watchdog watchdog_;
};

}  // namespace prombraid::app
