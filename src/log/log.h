/// The process's log: one line an event on stderr, as Prometheus 3 writes them (Go's log/slog):
/// `time=2026-01-02T03:04:05.678Z level=INFO msg="..." key=value`, or the same as JSON.
///
/// Any thread may log. A line never waits: where stderr is a pipe that nobody reads, lines are
/// dropped and the next one that gets through says how many.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace prombraid::log {

enum class Level : std::uint8_t { debug, info, warn, error };
enum class Format : std::uint8_t { logfmt, json };

/// A key and what it is. Views are read before the logging call returns; the key is a plain name.
struct Field {
  using Value = std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool>;

  Field(std::string_view k, std::string_view v) : key(k), value(v) {}
  Field(std::string_view k, const std::string& v) : key(k), value(std::string_view(v)) {}
  Field(std::string_view k, const char* v) : key(k), value(std::string_view(v)) {}
  Field(std::string_view k, bool v) : key(k), value(v) {}
  Field(std::string_view k, double v) : key(k), value(v) {}
  Field(std::string_view k, std::signed_integral auto v) : key(k), value(std::int64_t{v}) {}
  Field(std::string_view k, std::unsigned_integral auto v) : key(k), value(std::uint64_t{v}) {}
  /// In seconds, as everywhere in Prometheus.
  Field(std::string_view k, std::chrono::nanoseconds v)
      : key(k), value(std::chrono::duration<double>(v).count()) {}

  std::string_view key;
  Value value;
};

using Fields = std::initializer_list<Field>;

/// Called once, before other threads begin; until then `info` and logfmt hold.
void start(Level lowest, Format format);

/// For the caller whose fields cost something to make.
bool enabled(Level level);

void write(Level level, std::string_view message, Fields fields = {});

inline void debug(std::string_view message, Fields fields = {}) {
  if (enabled(Level::debug)) write(Level::debug, message, fields);
}
inline void info(std::string_view message, Fields fields = {}) {
  write(Level::info, message, fields);
}
inline void warn(std::string_view message, Fields fields = {}) {
  write(Level::warn, message, fields);
}
inline void error(std::string_view message, Fields fields = {}) {
  write(Level::error, message, fields);
}

}  // namespace prombraid::log
