#include "replica/facts.h"

#include <string>

#include <doctest/doctest.h>

#include "replica/config_facts.h"

namespace prombraid::replica {
namespace {

using std::chrono::milliseconds;

/// `data.yaml` as the API wraps it.
std::string config(std::string_view yaml) {
  std::string out = "{\"status\":\"success\",\"data\":{\"yaml\":\"";
  for (const char c : yaml) {
    if (c == '\n') {
      out += "\\n";
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out + "\"}}";
}

TEST_CASE("a configuration's external labels, interval and remote_read") {
  ReplicaFacts facts;
  REQUIRE(parse_config(config("global:\n"
                              "  scrape_interval: 15s\n"
                              "  external_labels:\n"
                              "    cluster: eu\n"
                              "    empty: \"\"\n"
                              "    number: \"007\"\n"
                              "    replica: r0\n"
                              "    truth: \"true\"\n"
                              "remote_read:\n"
                              "- url: http://prombraid:9201/api/v1/read\n"
                              "  headers:\n"
                              "    X-Secret: in clear\n"),
                       facts)
              .has_value());
  CHECK(to_string(facts.external_labels) ==
        R"({cluster="eu", number="007", replica="r0", truth="true"})");
  CHECK(facts.scrape_interval == milliseconds(15000));
  CHECK(facts.reads_remotely);
}

TEST_CASE("a long configuration, of which little is needed") {
  std::string yaml = "# by hand\nglobal:\n  external_labels:\n    replica: r0\n\nscrape_configs:\n";
  while (yaml.size() < std::size_t{4} << 20) yaml += "- job_name: [a, a, a, a, a, a, a, a\n";
  yaml += "remote_read:\n- url: http://a/api/v1/read\n";
  ReplicaFacts facts;
  REQUIRE(parse_config_yaml(yaml, facts).has_value());
  CHECK(to_string(facts.external_labels) == R"({replica="r0"})");
  CHECK(facts.reads_remotely);
}

TEST_CASE("sections that are too long to be read") {
  const std::string list(40'000, 'a');
  ReplicaFacts facts;
  CHECK(parse_config_yaml("global:\n  x: " + list + "\n", facts).error().what ==
        "configuration: global is too long to be read");
  REQUIRE(parse_config_yaml("remote_read:\n- x: " + list, facts).has_value());
  CHECK(facts.reads_remotely);
}

TEST_CASE("configurations with little or nothing in them") {
  struct Case {
    const char* name;
    std::string json;
    bool well;
  };
  const Case cases[] = {
      {"no global", config("scrape_configs: []\n"), true},
      {"no external labels", config("global:\n  scrape_interval: 1m\n"), true},
      {"null external labels", config("global:\n  external_labels:\n"), true},
      {"empty remote_read", config("remote_read: []\n"), true},
      {"empty document", config(""), false},
      {"a list", config("- 1\n"), false},
      {"a mapping in flow style", config("{global: {external_labels: {a: b}}}"), false},
      {"no line break at the end", config("global:"), true},
      {"not YAML", config("global: [secret\nb: }"), false},
      {"not YAML where nobody looks", config("a: [secret\nb: }"), true},
      {"labels are a list", config("global:\n  external_labels: [secret]\n"), false},
      {"a label is a map", config("global:\n  external_labels:\n    a: {secret: 1}\n"), false},
      {"odd interval", config("global:\n  scrape_interval: secret\n"), false},
      {"no yaml", R"({"status":"success","data":{}})", false},
      {"an error", R"({"status":"error","error":"secret"})", false},
      {"HTML", "<html>secret</html>", false},
      {"nothing", "", false},
      {"deep JSON", std::string(100000, '['), false},
      {"deep YAML", config("global: " + std::string(3000, '[')), false},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    ReplicaFacts facts;
    const auto parsed = parse_config(c.json, facts);
    CHECK(parsed.has_value() == c.well);
    CHECK(facts.external_labels.empty());
    CHECK_FALSE(facts.reads_remotely);
    if (!parsed) CHECK(parsed.error().what.find("secret") == std::string::npos);
  }
}

TEST_CASE("build and runtime") {
  ReplicaFacts facts;
  REQUIRE(
      parse_buildinfo(
          R"({"status":"success","data":{"version":"2.53.1","revision":"x","goVersion":"go1.22"}})",
          facts)
          .has_value());
  CHECK(facts.version == "2.53.1");
  CHECK(facts.asks_samples);
  REQUIRE(parse_runtimeinfo(
              R"({"status":"success","data":{"startTime":"2026-11-22T10:00:00Z","CWD":"/",)"
              R"("reloadConfigSuccess":false,"lastConfigTime":"2026-11-22T10:00:01Z",)"
              R"("storageRetention":"15d or 512MiB"}})",
              facts)
              .has_value());
  CHECK(facts.retention == "15d or 512MiB");
  CHECK(facts.start_time == "2026-11-22T10:00:00Z");
  CHECK(facts.last_config_time == "2026-11-22T10:00:01Z");
  CHECK_FALSE(facts.config_reloaded);
  CHECK_FALSE(parse_buildinfo(R"({"status":"success","data":{"version":1}})", facts).has_value());
  CHECK_FALSE(parse_runtimeinfo(R"({"status":"success","data":null})", facts).has_value());
}

TEST_CASE("a server built without its version stamp is one all the same") {
  ReplicaFacts facts;
  REQUIRE(parse_buildinfo(R"({"status":"success","data":{"version":""}})", facts).has_value());
  CHECK(facts.version == "unknown");
  CHECK_FALSE(facts.asks_samples);
}

TEST_CASE("versions that crash on streamed reads") {
  for (const char* bad :
       {"2.52.0", "2.52.1", "2.53.0", "2.53.1", "v2.53.1", "2.53.0-rc.1", "2.52.0+ds1"}) {
    CAPTURE(bad);
    CHECK(crashes_on_streams(bad));
  }
  for (const char* good :
       {"2.51.2", "2.53.2", "2.54.0", "2.5.2", "3.52.0", "3.14.0", "2.42.0+ds", "", "2.52", "x"}) {
    CAPTURE(good);
    CHECK_FALSE(crashes_on_streams(good));
  }
}

TEST_CASE("durations") {
  CHECK(parse_duration("15s") == milliseconds(15000));
  CHECK(parse_duration("1m30s") == milliseconds(90000));
  CHECK(parse_duration("1h0m5ms") == milliseconds(3600005));
  CHECK(parse_duration("2w1d") == milliseconds(15LL * 86400000));
  CHECK(parse_duration("1y") == milliseconds(365LL * 86400000));
  CHECK(parse_duration("0") == milliseconds(0));
  for (const char* bad : {"", "s", "15", "1s1m", "1m1m", "-1s", "1.5s", "1 s", "99999999999s"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_duration(bad));
  }
}

TEST_CASE("the API's prefix") {
  CHECK(prefix_of("/api/v1/read") == "");
  CHECK(prefix_of("/prom/api/v1/read") == "/prom");
  CHECK(prefix_of("/prom/api/v1/read?x=/y") == "/prom");
  CHECK_FALSE(prefix_of("/read"));
  CHECK_FALSE(prefix_of("/api/v1/read/"));
}

}  // namespace
}  // namespace prombraid::replica
