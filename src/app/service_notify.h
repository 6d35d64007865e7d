/// Tells a service manager how this process is, as systemd's sd_notify(3) does: one datagram to the
/// socket that NOTIFY_SOCKET names. Without that variable nothing is sent.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace prombraid::app {

class ServiceNotify {
 public:
  /// Takes NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID from the environment.
  ServiceNotify();

  void ready() const { send("READY=1"); }
  void stopping() const { send("STOPPING=1"); }
  /// Before a reload; `ready` ends it. `Type=notify-reload` wants to know when it began.
  void reloading() const;
  /// One line for `systemctl status`.
  void status(std::string_view line) const;

  /// Half of what the manager allows between two signs of life; nothing where it wants none.
  std::optional<std::chrono::microseconds> watchdog_interval() const;
  void alive() const { send("WATCHDOG=1"); }

 private:
  void send(const std::string& text) const;

  std::string socket_;
  std::chrono::microseconds watchdog_{0};
};

/// Gives a sign of life as long as every loop of `loops` takes its turn: one that hangs stops it,
/// and the manager starts the process anew.
class Watchdog {
 public:
  /// The first loop keeps the time. All of them outlive this.
  Watchdog(const ServiceNotify& notify, std::vector<boost::asio::io_context*> loops);

  /// Does nothing where the manager wants no signs of life.
  void start();
  void stop() { timer_.cancel(); }

 private:
  void ask();

  const ServiceNotify& notify_;
  std::vector<boost::asio::io_context*> loops_;
  boost::asio::steady_timer timer_;
};

}  // namespace prombraid::app
