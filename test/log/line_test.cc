#include "log/line.h"

#include <limits>

#include <doctest/doctest.h>

namespace prombraid::log {
namespace {

using namespace std::chrono_literals;

constexpr const char* time_text = "2026-01-02T03:04:05.678Z";

std::string value_of(Format format, const Field& field) {
  const std::string line = format_line(format, time_text, Level::info, "m", {field});
  const std::string before = format == Format::json ? "\"k\":" : "k=";
  std::string value = line.substr(line.find(before) + before.size());
  if (format == Format::json) value.pop_back();
  return value;
}

TEST_CASE("one line in each format") {
  const Fields fields = {{"replica", "10.0.0.1:9090"}, {"duration", 1500ms}, {"count", 3}};
  CHECK(format_line(Format::logfmt, time_text, Level::info, "read done", fields) ==
        "time=2026-01-02T03:04:05.678Z level=INFO msg=\"read done\" replica=10.0.0.1:9090 "
        "duration=1.5 count=3");
  CHECK(format_line(Format::json, time_text, Level::error, "read done", fields) ==
        "{\"time\":\"2026-01-02T03:04:05.678Z\",\"level\":\"ERROR\",\"msg\":\"read done\","
        "\"replica\":\"10.0.0.1:9090\",\"duration\":1.5,\"count\":3}");
}

TEST_CASE("values are escaped so that one event stays one line") {
  struct Case {
    const char* name;
    Field field;
    const char* logfmt;
    const char* json;
  };
  const Case cases[] = {
      {"plain", {"k", "abc"}, "abc", "\"abc\""},
      {"empty", {"k", ""}, "\"\"", "\"\""},
      {"blank", {"k", "a b"}, "\"a b\"", "\"a b\""},
      {"forged line", {"k", "x\nlevel=ERROR"}, "\"x\\nlevel=ERROR\"", "\"x\\nlevel=ERROR\""},
      {"quote and backslash", {"k", "\"\\"}, "\"\\\"\\\\\"", "\"\\\"\\\\\""},
      {"equals", {"k", "a=b"}, "\"a=b\"", "\"a=b\""},
      {"terminal escape", {"k", "\x1b[2J"}, "\"\\u001b[2J\"", "\"\\u001b[2J\""},
      {"not UTF-8", {"k", "\xff"}, "\"\xef\xbf\xbd\"", "\"\xef\xbf\xbd\""},
      {"UTF-8", {"k", "\xc3\xa9"}, "\"\xc3\xa9\"", "\"\xc3\xa9\""},
      {"bool", {"k", true}, "true", "true"},
      {"largest",
       {"k", std::numeric_limits<std::uint64_t>::max()},
       "18446744073709551615",
       "18446744073709551615"},
      {"smallest",
       {"k", std::numeric_limits<std::int64_t>::min()},
       "-9223372036854775808",
       "-9223372036854775808"},
      {"infinity", {"k", std::numeric_limits<double>::infinity()}, "inf", "\"inf\""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(value_of(Format::logfmt, c.field) == c.logfmt);
    CHECK(value_of(Format::json, c.field) == c.json);
  }
}

TEST_CASE("a line is never longer than a pipe takes at once, and says what it left out") {
  const std::string bomb(1 << 20, '\x01');
  const Field f("k", bomb);
  for (const Format format : {Format::logfmt, Format::json}) {
    const std::string line = format_line(format, time_text, Level::warn, bomb, {f, f, f, f, f});
    CHECK(line.size() < 4096);
    CHECK(line.find("...") != std::string::npos);
    CHECK(line.find("truncated") != std::string::npos);
    CHECK((format == Format::logfmt || line.back() == '}'));
  }
}

}  // namespace
}  // namespace prombraid::log
