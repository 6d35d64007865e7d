#include <csignal>
#include <cstdlib>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "app/process.h"
#include "log/log.h"

namespace prombraid::app {

namespace asio = boost::asio;

namespace {

/// As Kubernetes kills a pod after 30 s, of which some go by before the signal comes.
constexpr auto drain_time = std::chrono::seconds(30);

constexpr int exit_broken_off = 1;

}  // namespace

int Process::run() {
  signals_.add(SIGTERM);
  signals_.add(SIGINT);
  on_signal();
  sets_->start();
  reloader_.start();
  if (engine_watch_) engine_watch_->start();
  if (exporter_) exporter_->start();
  watchdog_.start();
  notify_.ready();
  for (std::size_t i = 1; i < workers_.size(); ++i) {
    threads_.emplace_back([&io = workers_[i]->io()] { io.run(); });
  }
  workers_.front()->io().run();
  for (std::thread& thread : threads_) thread.join();
  log::info("stopped");
  return 0;
}

void Process::on_signal() {
  signals_.async_wait([this](const boost::system::error_code& error, int) {
    if (error) return;
    if (draining_.exchange(true)) {
      log::warn("second signal: ending at once");
      std::_Exit(exit_broken_off);
    }
    log::info("draining", {{"limit", std::to_string(drain_time.count()) + "s"}});
    notify_.stopping();
    drain();
    on_signal();
  });
}

void Process::drain() {
  undrained_ = workers_.size();
  for (const auto& worker : workers_) {
    asio::co_spawn(worker->io(), worker->drain(), [this](const std::exception_ptr&) {
      asio::post(workers_.front()->io(), [this] {
        if (--undrained_ == 0) finish();
      });
    });
  }
  drain_limit_.expires_after(drain_time);
  drain_limit_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    log::warn("some answers did not finish in time and are broken off");
    break_off();
  });
}

/// Every loop runs out of work by itself, so that whatever a read still holds is given back in
/// the order in which it was taken.
void Process::finish() {
  drain_limit_.cancel();
  signals_.cancel();
  watchdog_.stop();
  reloader_.stop();
  sets_->stop();
  if (engine_watch_) engine_watch_->stop();
  if (exporter_) exporter_->stop();
}

void Process::break_off() {
  for (const auto& worker : workers_) {
    asio::post(worker->io(), [&server = worker->server()] { server.abort_all(); });
  }
  // The routes unwind now. One that does not is not waited for.
  drain_limit_.expires_after(std::chrono::seconds(1));
  drain_limit_.async_wait([](const boost::system::error_code& error) {
    if (!error) std::_Exit(exit_broken_off);
  });
}

}  // namespace prombraid::app
