/// Any bytes as a command line, an argument a line: no crash, a taken one obeys its bounds, a
/// refused one is told with the code of a bad command line. And each line as a length of time, a
/// size, a count and an instant: what is read is written in a form that is read as the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "config/flags.h"
#include "config/units.h"

using namespace prombraid;
using namespace prombraid::config;

namespace {

void require(bool promise) {
  if (!promise) std::abort();
}

void check_numbers(std::string_view text) {
  if (const auto got = parse_duration(text)) {
    require(got->count() >= 0);
    require(parse_duration(format_duration(*got)).value() == *got);
  }
  if (const auto got = parse_size(text)) require(parse_size(format_size(*got)).value() == *got);
  if (const auto got = parse_count(text)) {
    require(*got <= std::uint64_t{1} << 53);
    require(parse_count(std::to_string(*got)).value() == *got);
  }
  if (const auto got = parse_instant(text)) {
    const std::string written = instant_text(*got);
    if (!written.ends_with(" ms")) require(parse_instant(written).value() == *got);
  }
}

void check_exit(const Exit& exit) {
  require((exit.code == 0 || exit.code == 2) && !exit.text.empty());
}

void check_config(const Config& config) {
  require(!config.sets.empty() && !config.web_listen_addresses.empty());
  require(config.threads >= 1 && config.read_min_replicas >= 1);
  require(config.replica_timeout >= config.replica_connect_timeout);
  require(config.read_max_response_bytes <= config.read_memory_limit);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 2048) return 0;
  std::vector<std::string> lines{"prombraid"};
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  while (!rest.empty() && lines.size() < 32) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    // An argument ends where C says.
    lines.emplace_back(rest.substr(0, std::min(rest.find('\0'), end)));
    check_numbers(lines.back());
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  std::vector<const char*> argv;
  for (const std::string& line : lines) argv.push_back(line.c_str());
  argv.push_back(nullptr);
  const int argc = static_cast<int>(lines.size());
  const HostLimits host{4, std::uint64_t{1} << 32};
  if (asks_explain(argc, argv.data())) {
    const auto parsed = parse_explain_flags(argc, argv.data(), host, 1'772'413'500'000);
    if (const auto* exit = std::get_if<Exit>(&parsed)) return check_exit(*exit), 0;
    const auto& config = std::get<ExplainConfig>(parsed);
    require(config.start && *config.start <= config.end && !config.match.empty());
    return check_config(config.server), 0;
  }
  const auto parsed = parse_flags(argc, argv.data(), host);
  if (const auto* exit = std::get_if<Exit>(&parsed)) return check_exit(*exit), 0;
  check_config(std::get<Config>(parsed));
  return 0;
}
