#include "app/reloader.h"

#include <csignal>
#include <exception>
#include <fstream>
#include <iterator>
#include <optional>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "log/log.h"

namespace prombraid::app {

namespace asio = boost::asio;

namespace {

/// What two contents have in common only where they are one. Nothing where the file can't be read:
/// an editor may be replacing it.
std::optional<std::string> content_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

std::int64_t epoch_ms() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

}  // namespace

Reloader::Reloader(asio::io_context& io, const ServiceNotify& notify, ReloadOptions options,
                   Load load)
    : io_(io),
      notify_(notify),
      options_(std::move(options)),
      load_(std::move(load)),
      signals_(io),
      look_timer_(io) {}

void Reloader::start() {
  successful_ = true;
  success_ms_ = epoch_ms();
  signals_.add(SIGHUP);
  wait_for_signal();
  if (options_.look_every.count() > 0) asio::co_spawn(io_, follow_file(), asio::detached);
}

void Reloader::stop() {
  stopped_ = true;
  signals_.cancel();
  look_timer_.cancel();
}

void Reloader::wait_for_signal() {
  signals_.async_wait([this](const boost::system::error_code& error, int) {
    if (error) return;
    spawn("SIGHUP");
    wait_for_signal();
  });
}

void Reloader::spawn(const char* cause) {
  asio::co_spawn(io_, reload(cause), asio::detached);
}

asio::awaitable<void> Reloader::follow_file() {
  std::optional<std::string> known = content_of(options_.file);
  while (!stopped_) {
    look_timer_.expires_after(options_.look_every);
    co_await look_timer_.async_wait(asio::as_tuple(asio::use_awaitable));
    if (stopped_) co_return;
    auto now = content_of(options_.file);
    if (!now || now == known) continue;
    known = std::move(now);
    co_await reload("the file changed");
  }
}

asio::awaitable<Result<void>> Reloader::reload(std::string cause) {
  if (options_.file.empty()) {
    notify_.reloading();
    notify_.ready();
    log::info("there is no --config.file to load anew", {{"cause", cause}});
    co_return Error(ErrorKind::bad_request, "there is no --config.file to load anew");
  }
  asio::steady_timer turn(io_);
  while (busy_) {
    turn.expires_after(std::chrono::milliseconds(5));
    co_await turn.async_wait(asio::use_awaitable);
  }
  busy_ = true;
  auto outcome = co_await load(cause);
  busy_ = false;
  co_return outcome;
}

asio::awaitable<Result<void>> Reloader::load(const std::string& cause) {
  if (stopped_) co_return Error(ErrorKind::unavailable, "the process ends");
  notify_.reloading();
  Result<void> outcome;
  try {
    outcome = co_await load_();
  } catch (const std::exception& e) {
    outcome = Error(ErrorKind::internal, e.what());
  }
  notify_.ready();
  note(outcome, cause);
  co_return outcome;
}

void Reloader::note(const Result<void>& outcome, const std::string& cause) {
  successful_ = !outcome.has_error();
  if (outcome.has_error()) {
    log::error("the configuration could not be loaded anew; the one before stays in force",
               {{"cause", cause}, {"error", outcome.error().what}});
    return;
  }
  success_ms_ = epoch_ms();
  log::info("the configuration was loaded anew", {{"file", options_.file}, {"cause", cause}});
}

void Reloader::show(metrics::Families& out) const {
  out.gauge("config_last_reload_successful",
            "Whether the last attempt to load the configuration went well.");
  out.add(successful_ ? 1 : 0);
  out.gauge("config_last_reload_success_timestamp_seconds",
            "When the configuration was last loaded well.");
  out.add(static_cast<double>(success_ms_.load()) / 1000);
}

}  // namespace prombraid::app
