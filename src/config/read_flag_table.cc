#include "config/flag_setters.h"

namespace prombraid::config {

using namespace setters;

std::vector<Flag> read_flag_table(ReadConfig& c) {
  const std::string group = "What to read";
  std::vector<Flag> flags;
  flags.push_back({group, "url", "URL", false,
                   "A server's remote_read: http://prometheus:9090, with a path where that is not "
                   "/api/v1/read. Required.",
                   text(c.url)});
  for (Flag& flag : selection_flags(group, c)) flags.push_back(std::move(flag));
  flags.push_back({group, "format", "text", false,
                   "How samples are written: text, json (one series a line) or openmetrics.",
                   choice<ReadFormat>(c.format, {{"text", ReadFormat::text},
                                                 {"json", ReadFormat::json},
                                                 {"openmetrics", ReadFormat::openmetrics}})});
  flags.push_back({group, "samples", "", false, "Ask for samples and not for a stream of chunks.",
                   boolean(c.samples)});
  flags.push_back({group, "timeout", format_duration(c.timeout), false,
                   "How long the whole read may take.", duration(c.timeout)});
  return flags;
}

}  // namespace prombraid::config
