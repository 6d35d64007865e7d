#include "config/flags.h"

#include <fstream>
#include <iterator>

#include <doctest/doctest.h>

namespace prombraid::config {
namespace {

using namespace std::chrono_literals;

constexpr HostLimits host{3, 512 << 20};

std::variant<Config, Exit> parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "prombraid");
  return parse_flags(static_cast<int>(arguments.size()), arguments.data(), host);
}

Config config_of(std::vector<const char*> arguments) {
  auto parsed = parse(std::move(arguments));
  if (const Exit* exit = std::get_if<Exit>(&parsed)) FAIL(exit->text);
  return std::get<Config>(parsed);
}

Exit exit_of(std::vector<const char*> arguments) {
  auto parsed = parse(std::move(arguments));
  REQUIRE(std::holds_alternative<Exit>(parsed));
  return std::get<Exit>(parsed);
}

TEST_CASE("a replica is all that must be said") {
  const Config config = config_of({"--replicas=dns+prometheus:9090"});
  CHECK(config.replicas == std::vector<std::string>{"dns+prometheus:9090"});
  CHECK(config.web_listen_addresses == std::vector<std::string>{":9201"});
  CHECK(config.replica_timeout == 30s);
  CHECK(config.read_sample_limit == 50'000'000);
  CHECK(config.threads == 3);
  CHECK(config.read_memory_limit == 256 << 20);
}

TEST_CASE("an answer is never allowed more than all reads may hold") {
  const Config config = config_of({"--replicas=a:1", "--read.memory-limit=64MiB"});
  CHECK(config.read_max_response_bytes == 64 << 20);
}

TEST_CASE("every flag is read, with = and with a blank") {
  const Config c = config_of({"--replicas=a:1",
                              "--replicas",
                              "b:2",
                              "--replica-label=r",
                              "--replica.connect-timeout",
                              "250ms",
                              "--replica.timeout=1m30s",
                              "--replica.max-frame-bytes=1GiB",
                              "--dns.server=127.0.0.1:53",
                              "--dns.server=[::1]:53",
                              "--dns.refresh-interval=10s",
                              "--read.min-replicas=2",
                              "--read.ignore-matchers-on=cluster",
                              "--read.memory-limit=2GB",
                              "--read.max-response-bytes=64MiB",
                              "--storage.remote.read-sample-limit=1e3",
                              "--storage.remote.read-concurrent-limit=0",
                              "--storage.remote.read-max-bytes-in-frame=2097152",
                              "--limits.queries-per-request=7",
                              "--limits.labels-per-series=8",
                              "--web.listen-address=[::1]:9201",
                              "--web.listen-address=127.0.0.1:80",
                              "--web.max-connections=9",
                              "--web.read-timeout=5m",
                              "--threads=4",
                              "--log.level=debug",
                              "--log.format=json"});
  CHECK(c.replicas == std::vector<std::string>{"a:1", "b:2"});
  CHECK(c.replica_labels == std::vector<std::string>{"r"});
  CHECK(c.replica_connect_timeout == 250ms);
  CHECK(c.replica_timeout == 90s);
  CHECK(c.replica_max_frame_bytes == 1 << 30);
  CHECK(c.dns_servers == std::vector<std::string>{"127.0.0.1:53", "[::1]:53"});
  CHECK(c.dns_refresh_interval == 10s);
  CHECK(c.read_min_replicas == 2);
  CHECK(c.read_ignore_matchers_on == std::vector<std::string>{"cluster"});
  CHECK(c.read_memory_limit == 2LL << 30);
  CHECK(c.read_max_response_bytes == 64 << 20);
  CHECK(c.read_sample_limit == 1000);
  CHECK(c.read_concurrent_limit == 0);
  CHECK(c.read_max_bytes_in_frame == 2 << 20);
  CHECK(c.limits_queries_per_request == 7);
  CHECK(c.limits_labels_per_series == 8);
  CHECK(c.web_listen_addresses == std::vector<std::string>{"[::1]:9201", "127.0.0.1:80"});
  CHECK(c.web_max_connections == 9);
  CHECK(c.web_read_timeout == 5min);
  CHECK(c.threads == 4);
  CHECK(c.log_level == log::Level::debug);
  CHECK(c.log_format == log::Format::json);
}

TEST_CASE("what is wrong is refused with exit code 2 and its name") {
  struct Case {
    const char* name;
    std::vector<const char*> arguments;
    const char* says;
  };
  const Case cases[] = {
      {"nothing", {}, "required flag '--replicas' not provided"},
      {"unknown", {"--replicsa=a:1"}, "unknown flag '--replicsa=a:1', did you mean '--replicas'?"},
      {"unknown with value", {"--web.listen-adress", ":1"}, "did you mean '--web.listen-address'?"},
      {"unknown and like none", {"--xyzzy"}, "unknown flag '--xyzzy'\n"},
      {"short", {"-x"}, "unknown flag '-x'"},
      {"a word", {"--replicas=a:1", "b:2"}, "unexpected argument 'b:2'"},
      {"no value", {"--replicas"}, "flag '--replicas' needs a value"},
      {"empty value", {"--replicas="}, "flag '--replicas' needs a value"},
      {"duration", {"--replica.timeout=30"}, "bad value '30' of flag '--replica.timeout': not a"},
      {"zero", {"--replica.timeout=0"}, "must be more than 0"},
      {"size", {"--read.memory-limit=1XB"}, "not a size"},
      {"small size", {"--read.memory-limit=1MiB"}, "must be at least 16MiB"},
      {"count", {"--read.min-replicas=0"}, "must be between 1 and 4294967295"},
      {"fraction", {"--threads=1.5"}, "not a whole number"},
      {"choice", {"--log.level=loud"}, "must be one of debug, info, warn, error"},
      {"twice", {"--threads=1", "--threads=2"}, "flag '--threads' can't be repeated"},
      {"contradiction",
       {"--replicas=a:1", "--replica.timeout=1s"},
       "'--replica.connect-timeout' is longer than '--replica.timeout'"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const Exit exit = exit_of(c.arguments);
    CAPTURE(exit.text);
    CHECK(exit.code == 2);
    CHECK(exit.text.starts_with("prombraid: error: "));
    CHECK(exit.text.find(c.says) != std::string::npos);
  }
}

TEST_CASE("--version is several lines, the first as the Prometheus servers have it") {
  const Exit exit = exit_of({"--version"});
  CHECK(exit.code == 0);
  CHECK(exit.text.starts_with("prombraid, version 0."));
  CHECK(exit.text.find("(revision: ") != std::string::npos);
}

TEST_CASE("--help is the text of the golden file, on every host") {
  const Exit exit = exit_of({"--help"});
  CHECK(exit.code == 0);
  std::ifstream in(PROMBRAID_TEST_DIR "/help.golden");
  const std::string golden{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  CHECK(exit.text == golden);
  CHECK(exit_of({"-h"}).text == exit.text);
}

std::variant<ExplainConfig, Exit> explain(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), {"prombraid", "explain"});
  REQUIRE(asks_explain(static_cast<int>(arguments.size()), arguments.data()));
  return parse_explain_flags(static_cast<int>(arguments.size()), arguments.data(), host, 7'200'000);
}

TEST_CASE("the word explain comes first, or it is not that command") {
  const char* const late[] = {"prombraid", "--replicas=a:1", "explain"};
  CHECK(!asks_explain(3, late));
  CHECK(!asks_explain(1, late));
}

TEST_CASE("explain needs replicas and a selector, and takes the last hour") {
  const auto parsed = explain({"--replicas=a:1", "--match=up"});
  REQUIRE(std::holds_alternative<ExplainConfig>(parsed));
  const auto& config = std::get<ExplainConfig>(parsed);
  CHECK(config.server.replicas == std::vector<std::string>{"a:1"});
  CHECK(config.server.log_level == log::Level::warn);
  CHECK(config.match == "up");
  CHECK(config.start == 3'600'000);
  CHECK(config.end == 7'200'000);
}

TEST_CASE("explain takes times, a limit and the server's flags for reading") {
  const auto parsed =
      explain({"--replicas=a:1", "--match", "up{a=\"b\"}", "--start=1.5", "--end",
               "1970-01-01T01:00:00+01:00", "--limit=3", "--dns.server=127.0.0.1:53",
               "--replica-label=r", "--log.level=debug"});
  const Exit* exit = std::get_if<Exit>(&parsed);
  CHECK(exit != nullptr);
  CHECK(exit->text.find("'--start' is later than '--end'") != std::string::npos);
  const auto good =
      explain({"--replicas=a:1", "--match=up", "--start=-1.5", "--end=0", "--limit=3"});
  REQUIRE(std::holds_alternative<ExplainConfig>(good));
  CHECK(std::get<ExplainConfig>(good).start == -1500);
  CHECK(std::get<ExplainConfig>(good).end == 0);
  CHECK(std::get<ExplainConfig>(good).limit == 3);
}

TEST_CASE("explain refuses what is wrong and what is for servers") {
  struct Case {
    const char* name;
    std::vector<const char*> arguments;
    const char* says;
  };
  const Case cases[] = {
      {"no selector", {"--replicas=a:1"}, "required flag '--match' not provided"},
      {"no replicas", {"--match=up"}, "required flag '--replicas' not provided"},
      {"no time", {"--start=soon"}, "bad value 'soon' of flag '--start': not a time"},
      {"no series", {"--limit=0"}, "must be between 1 and 10000"},
      {"a listener", {"--web.listen-address=:1"}, "unknown flag '--web.listen-address=:1'"},
      {"a word", {"up"}, "unexpected argument 'up'"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const auto parsed = explain(c.arguments);
    REQUIRE(std::holds_alternative<Exit>(parsed));
    CAPTURE(std::get<Exit>(parsed).text);
    CHECK(std::get<Exit>(parsed).code == 2);
    CHECK(std::get<Exit>(parsed).text.find(c.says) != std::string::npos);
  }
}

TEST_CASE("explain --help is the text of the golden file") {
  const auto parsed = explain({"--help"});
  REQUIRE(std::holds_alternative<Exit>(parsed));
  std::ifstream in(PROMBRAID_TEST_DIR "/explain_help.golden");
  const std::string golden{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  CHECK(std::get<Exit>(parsed).text == golden);
}

}  // namespace
}  // namespace prombraid::config
