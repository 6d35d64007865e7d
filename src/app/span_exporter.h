/// Sends spans to a collector of OpenTelemetry: OTLP over HTTP, in JSON.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "app/span_queue.h"
#include "config/config.h"
#include "discovery/discovery.h"
#include "log/seldom.h"
#include "replica/connections.h"
#include "trace/otlp.h"

namespace prombraid::app {

/// Runs on one loop and its thread, beside all reads: a collector that hangs costs them nothing.
/// Each second it sends what waits, a batch after the other. Where its name has several addresses
/// one is used until it fails. What a collector does not take within `--tracing.timeout` is dropped
/// and counted, and not sent again: the spans behind it are newer.
class SpanExporter {
 public:
  /// `queue` outlives it. `collector` is what `collector_of` gave (settings.h).
  SpanExporter(boost::asio::io_context& io, SpanQueue& queue, const config::Config& config,
               discovery::Address collector);

  void start();
  /// What waits or is on its way has a second more; then the loop can run out of work.
  void stop();

 private:
  boost::asio::awaitable<void> run();
  boost::asio::awaitable<void> send_waiting();
  boost::asio::awaitable<Result<void>> send(std::string body);
  boost::asio::awaitable<Result<void>> send_to(discovery::Endpoint endpoint, std::string body);

  boost::asio::io_context& io_;
  SpanQueue& queue_;
  const std::string name_;  ///< `--tracing.endpoint`
  const std::chrono::milliseconds timeout_;
  const trace::Resource resource_;
  replica::Connections connections_;
  discovery::Discovery discovery_;
  boost::asio::steady_timer timer_;
  boost::asio::steady_timer limit_;       ///< of what is sent after `stop`
  boost::asio::cancellation_signal end_;  ///< of it all
  log::Seldom seldom_{std::chrono::seconds(30)};
  bool stopped_ = false;
};

}  // namespace prombraid::app
