/// When the configuration is loaded anew, and what became of it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "app/service_notify.h"
#include "base/error.h"
#include "metrics/families.h"

namespace prombraid::app {

struct ReloadOptions {
  std::string file;                         ///< empty: there is nothing to load
  std::chrono::milliseconds look_every{0};  ///< at the file's content; 0: never
};

/// SIGHUP, a changed file and whoever calls `reload`, one at a time. Belongs to the first thread,
/// but for `show`.
class Reloader {
 public:
  /// Loads and puts in force, or fails and changes nothing.
  using Load = std::function<boost::asio::awaitable<Result<void>>()>;

  /// A service manager that sent the signal waits for the end, whatever comes of it: `notify` tells
  /// it of each attempt, also where there is nothing to load. Outlives this.
  Reloader(boost::asio::io_context& io, const ServiceNotify& notify, ReloadOptions options,
           Load load);

  /// What is in force now was loaded well. From here on signals and the file are followed.
  void start();

  /// The loop can then run out of work.
  void stop();

  /// `cause` is for the log. Fails with bad_request where there is no file.
  boost::asio::awaitable<Result<void>> reload(std::string cause);

  struct State {
    bool successful = false;      ///< the last attempt
    std::int64_t success_ms = 0;  ///< when one last was, since the epoch
  };
  /// From any thread.
  State state() const { return {successful_, success_ms_}; }

  /// Adds the gauges that say whether the last attempt went well, and when one last did.
  void show(metrics::Families& out) const;

 private:
  void wait_for_signal();
  void spawn(const char* cause);
  boost::asio::awaitable<void> follow_file();
  boost::asio::awaitable<Result<void>> load(const std::string& cause);
  void note(const Result<void>& outcome, const std::string& cause);

  boost::asio::io_context& io_;
  const ServiceNotify& notify_;
  const ReloadOptions options_;
  const Load load_;
  boost::asio::signal_set signals_;
  boost::asio::steady_timer look_timer_;
  bool busy_ = false;
  bool stopped_ = false;
  std::atomic<bool> successful_{false};
  std::atomic<std::int64_t> success_ms_{0};  ///< since the epoch
};

}  // namespace prombraid::app
