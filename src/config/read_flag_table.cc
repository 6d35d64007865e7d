#include "base/instant.h"
#include "config/flag_table.h"
#include "config/units.h"

namespace prombraid::config {

namespace {

template <class T>
std::function<Result<void>(const std::string&)> instant(T& out) {
  return [&out](const std::string& text) -> Result<void> {
    const auto parsed = parse_instant(text);
    if (parsed.has_error()) return parsed.error();
    out = *parsed;
    return {};
  };
}

std::function<Result<void>(const std::string&)> text_of(std::string& out) {
  return [&out](const std::string& text) -> Result<void> {
    out = text;
    return {};
  };
}

Result<void> set_format(ReadFormat& out, const std::string& text) {
  if (text == "text") {
    out = ReadFormat::text;
  } else if (text == "json") {
    out = ReadFormat::json;
  } else if (text == "openmetrics") {
    out = ReadFormat::openmetrics;
  } else {
    return Error(ErrorKind::bad_request, "must be one of text, json, openmetrics");
  }
  return {};
}

}  // namespace

std::vector<Flag> read_flag_table(ReadConfig& c) {
  const std::string group = "What to read";
  std::vector<Flag> flags;
  flags.push_back({group, "url", "URL", false,
                   "A server's remote_read: http://prometheus:9090, with a path where that is not "
                   "/api/v1/read. Required.",
                   text_of(c.url)});
  flags.push_back({group, "match", "SELECTOR", false,
                   "The series, as PromQL selects them: 'up{job=\"x\",instance=~\"a.*\"}'. "
                   "Required.",
                   text_of(c.match)});
  flags.push_back({group, "start", "TIME", false,
                   "Where the range begins: 2026-03-02T01:05:00Z or seconds since 1970. Without it "
                   "an hour before the end.",
                   instant(c.start)});
  flags.push_back({group, "end", "TIME", false, "Where it ends. Without it now.", instant(c.end)});
  flags.push_back({group,
                   "format",
                   "text",
                   false,
                   "How samples are written: text, json (one series a line) or openmetrics.",
                   {[&c](const std::string& text) { return set_format(c.format, text); },
                    ValueType::choice,
                    {"text", "json", "openmetrics"}}});
  flags.push_back({group,
                   "samples",
                   "",
                   false,
                   "Ask for samples and not for a stream of chunks.",
                   {[&c](const std::string& text) -> Result<void> {
                      c.samples = text == "true";
                      return {};
                    },
                    ValueType::boolean}});
  flags.push_back({group,
                   "timeout",
                   format_duration(c.timeout),
                   false,
                   "How long the whole read may take.",
                   {[&c](const std::string& text) -> Result<void> {
                      const auto parsed = parse_duration(text);
                      if (parsed.has_error()) return parsed.error();
                      c.timeout = *parsed;
                      return {};
                    },
                    ValueType::duration}});
  return flags;
}

}  // namespace prombraid::config
