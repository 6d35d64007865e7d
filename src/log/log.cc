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

/// Writes whole lines to stderr, or none: poll() says that a pipe takes PIPE_BUF bytes at once,
/// and no line is longer.
class StderrSink : public spdlog::sinks::base_sink<std::mutex> {
 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    if (dropped_ > 0 && writable()) {
      const std::string lost =
          fmt::format("level=WARN msg=\"log lines dropped\" count={}\n", dropped_);
      if (put(lost)) dropped_ = 0;
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

struct State {
  spdlog::logger logger{"prombraid", std::make_shared<StderrSink>()};
  Format format = Format::logfmt;
};

State& state() {
  static State the_state;
  return the_state;
}

std::string now_text() {
  const auto now =
      std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto ms = now.time_since_epoch().count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(ms / 1000), ms % 1000);
}

}  // namespace

void start(Level lowest, Format format) {
  state().logger.set_level(spdlog_level(lowest));
  state().format = format;
}

bool enabled(Level level) {
  return state().logger.should_log(spdlog_level(level));
}

void write(Level level, std::string_view message, Fields fields) {
  if (!enabled(level)) return;
  const std::string line = format_line(state().format, now_text(), level, message, fields);
  state().logger.log(spdlog_level(level), spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace prombraid::log
