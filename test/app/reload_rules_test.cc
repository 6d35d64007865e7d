#include "app/reload_rules.h"

#include <doctest/doctest.h>

namespace prombraid::app {
namespace {

config::Config file_with(const std::string& flag, const std::string& text) {
  config::Config config;
  config.config_file = "prombraid.yml";
  if (!flag.empty()) config.file_flags[flag] = {text, "prombraid.yml:1:1: " + flag};
  return config;
}

std::string refused(const config::Config& now, const config::Config& next) {
  const auto fits = check_reloadable(now, next);
  return fits.has_error() ? fits.error().what : "";
}

TEST_CASE("the same again") {
  const auto config = file_with("threads", "2");
  CHECK(refused(config, config).empty());
}

TEST_CASE("sets and tenants change freely") {
  config::Config next = file_with("", "");
  next.sets.emplace_back().name = "eu";
  next.tenants.enforce_label = {"tenant", "", "a"};
  CHECK(refused(file_with("", ""), next).empty());
}

TEST_CASE("which flags can change") {
  struct Case {
    const char* flag;
    bool can;
  };
  for (const Case& c : {Case{"read.straggler-grace", true},
                        {"read.ignore-matchers-on", true},
                        {"read.max-response-bytes", true},
                        {"read.memory-limit", false},
                        {"limits.series-per-read", true},
                        {"limits.request-bytes", false},
                        {"dns.server", true},
                        {"replica.timeout", true},
                        {"replicas.expected", true},
                        {"storage.remote.read-sample-limit", true},
                        {"storage.remote.read-concurrent-limit", false},
                        {"web.listen-address", false},
                        {"tracing.endpoint", false},
                        {"log.level", false},
                        {"threads", false}}) {
    CAPTURE(c.flag);
    const auto without = file_with("", "");
    const auto one = file_with(c.flag, "1");
    const auto other = file_with(c.flag, "2");
    for (const auto& [now, next] : {std::pair(without, one), {one, without}, {one, other}}) {
      const std::string what = refused(now, next);
      CHECK(what.empty() == c.can);
      if (!c.can) {
        CHECK(what == std::string("prombraid.yml: --") + c.flag +
                          " can't change while the process runs: restart it, or put back what was "
                          "there");
      }
    }
  }
}

TEST_CASE("a flag that moves from the command line into the file, as it is, changes nothing") {
  config::Config now = file_with("", "");
  now.given_flags["threads"] = "2";
  CHECK(refused(now, file_with("threads", "2")).empty());
  CHECK(!refused(now, file_with("threads", "3")).empty());
}

TEST_CASE("how the collector is reached can't change, and no secret is told") {
  config::Config next = file_with("", "");
  next.tracing_access.http_headers = {{"X-Key", {{Secret("planted"), ""}}}};
  const std::string what = refused(file_with("", ""), next);
  CHECK(what.find("the headers or the TLS of tracing can't change") != std::string::npos);
  CHECK(what.find("planted") == std::string::npos);
}

}  // namespace
}  // namespace prombraid::app
