#include "app/service_notify.h"

#include <atomic>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>

#include <boost/asio/post.hpp>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace prombraid::app {

namespace asio = boost::asio;

namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : value;
}

std::int64_t number(std::string_view text) {
  std::int64_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

}  // namespace

ServiceNotify::ServiceNotify() : socket_(environment("NOTIFY_SOCKET")) {
  const std::string_view pid = environment("WATCHDOG_PID");
  if (pid.empty() || number(pid) == getpid()) {
    watchdog_ = std::chrono::microseconds(number(environment("WATCHDOG_USEC")));
  }
}

void ServiceNotify::send(const std::string& text) const {
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  if (socket_.empty() || socket_.size() >= sizeof to.sun_path) return;
  std::memcpy(to.sun_path, socket_.data(), socket_.size());
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  // An abstract name begins with a zero, which is written as @.
  if (to.sun_path[0] == '@') to.sun_path[0] = '\0';
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return;
  (void)::sendto(fd, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                 reinterpret_cast<const sockaddr*>(&to), length);
  ::close(fd);
}

void ServiceNotify::reloading() const {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const std::int64_t since = std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
  send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(since));
}

void ServiceNotify::status(std::string_view line) const {
  std::string text = "STATUS=";
  for (const char c : line) text += c == '\n' ? ' ' : c;
  send(text);
}

std::optional<std::chrono::microseconds> ServiceNotify::watchdog_interval() const {
  if (socket_.empty() || watchdog_.count() <= 0) return std::nullopt;
  return watchdog_ / 2;
}

Watchdog::Watchdog(const ServiceNotify& notify, std::vector<asio::io_context*> loops)
    : notify_(notify), loops_(std::move(loops)), timer_(*loops_.front()) {}

void Watchdog::start() {
  const auto interval = notify_.watchdog_interval();
  if (!interval) return;
  timer_.expires_after(*interval);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    ask();
    start();
  });
}

void Watchdog::ask() {
  const auto silent = std::make_shared<std::atomic<std::size_t>>(loops_.size());
  for (asio::io_context* loop : loops_) {
    asio::post(*loop, [silent, notify = notify_] {
      if (--*silent == 0) notify.alive();
    });
  }
}

}  // namespace prombraid::app
