#include "log/log.h"

#include <mutex>

#include <fmt/chrono.h>
#include <poll.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "log/line.h"

namespace prombraid::log {

namespace {

std::string now_text() {
  const auto now =
      std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto ms = now.time_since_epoch().count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(ms / 1000), ms % 1000);
}

/// Set by `start`, before other threads begin.
Format format = Format::logfmt;

/// Writes whole lines to stderr, or none: poll() says that a pipe takes PIPE_BUF bytes at once,
/// and no line is longer.
class StderrSink : public spdlog::sinks::base_sink<std::mutex> {
 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    if (dropped_ > 0 && writable()) {
      const std::string lost =
          format_line(format, now_text(), Level::warn, "log lines dropped", {{"count", dropped_}});
      if (put(lost + '\n')) dropped_ = 0;
    }
    line_.assign(message.payload.data(), message.payload.size());
    line_ += '\n';
    if (!writable() || !put(line_)) ++dropped_;
  }
  void flush_() override {}

 private:
  static bool writable() {
    pollfd fd{STDERR_FILENO, POLLOUT, 0};
    return ::poll(&fd, 1, 0) == 1 && (fd.revents & POLLOUT) != 0;
  }
  static bool put(const std::string& text) {
    return ::write(STDERR_FILENO, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  }

  std::string line_;
  std::size_t dropped_ = 0;
};

spdlog::level::level_enum spdlog_level(Level level) {
  static constexpr spdlog::level::level_enum levels[] = {spdlog::level::debug, spdlog::level::info,
                                                         spdlog::level::warn, spdlog::level::err};
  return levels[static_cast<std::size_t>(level)];
}

spdlog::logger& logger() {
  static spdlog::logger the_logger("prombraid", std::make_shared<StderrSink>());
  return the_logger;
}

}  // namespace

void start(Level lowest, Format form) {
  logger().set_level(spdlog_level(lowest));
  format = form;
}

bool enabled(Level level) {
  return logger().should_log(spdlog_level(level));
}

void write(Level level, std::string_view message, Fields fields) {
  if (!enabled(level)) return;
  const std::string line = format_line(format, now_text(), level, message, fields);
  logger().log(spdlog_level(level), spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace prombraid::log
