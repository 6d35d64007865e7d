/// The whole program: threads, discovery, routes, signals, and the order in which they end.
#pragma once

#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "app/certificate_metrics.h"
#include "app/engine_watch.h"
#include "app/reloader.h"
#include "app/service_notify.h"
#include "app/set_metrics.h"
#include "app/set_table.h"
#include "app/span_exporter.h"
#include "app/status_page.h"
#include "app/worker.h"
#include "base/error.h"
#include "config/config.h"
#include "guard/web_guard.h"
#include "metrics/metrics.h"

namespace prombraid::app {

/// The first worker runs on the thread that calls `run`, and has discovery, the look at replicas
/// and the signals beside its reads.
class Process {
 public:
  /// Reads the command line, and the file that it names, anew.
  using Load = std::function<Result<config::Config>()>;

  Process(config::Config config, Load load);
  ~Process();

  /// Parses what the flags left as text, and binds. Fails with bad_request (a flag) or unavailable
  /// (an address that is in use).
  Result<void> start();

  /// Serves until SIGTERM or SIGINT, then drains: not ready, no new connections, running answers
  /// finish within 30 s. A second signal ends at once. Returns the exit code.
  int run();

 private:
  std::vector<std::unique_ptr<Worker>> make_workers();
  void start_engine();
  Result<void> start_guard();
  Result<void> start_tracing();
  Result<void> listen();
  void add_routes(Worker& worker);
  void changed();
  bool serves() const;
  void become(bool serves);
  boost::asio::awaitable<Result<void>> put_in_force(Result<config::Config> next);
  boost::asio::awaitable<void> answer_reload(server::Responder& out);
  void on_signal();
  void drain();
  void finish();
  void break_off();
  void exclude(const server::ListenAddress& address);
  bool ready() const;
  boost::asio::awaitable<void> collect_discovery();
  std::vector<SetStatus> statuses() const;
  boost::asio::awaitable<std::string> status_page();
  boost::asio::awaitable<std::string> replicas_json();
  void add_pages(server::Router& router);
  std::vector<boost::asio::io_context*> loops();

  const ConfigPtr first_;
  const config::Config& config_;  ///< the same; what is in force now has `sets_`
  const Load load_;
  const std::chrono::system_clock::time_point started_ = std::chrono::system_clock::now();
  metrics::Metrics metrics_;
  read::Shared shared_;
  SpanQueue spans_;
  std::unique_ptr<guard::WebGuard> guard_;  ///< null: plain HTTP for everybody
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::thread> threads_;
  std::vector<std::string> own_keys_;  ///< where this process itself listens
  std::unique_ptr<SetTable> sets_;
  SetFigures figures_;
  CertificateFigures certificates_;
  const ServiceNotify notify_;
  Reloader reloader_;
  std::unique_ptr<EngineWatch> engine_watch_;  ///< null: no engine
  std::unique_ptr<SpanExporter> exporter_;     ///< null: nothing is traced
  boost::asio::signal_set signals_;
  boost::asio::steady_timer drain_limit_;
  std::atomic<bool> can_serve_{false};
  std::atomic<bool> draining_{false};
  std::size_t undrained_ = 0;
  Watchdog watchdog_;
};

}  // namespace prombraid::app
