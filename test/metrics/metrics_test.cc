#include "metrics/metrics.h"

#include <cstdio>
#include <cstdlib>
#include <thread>

#include <doctest/doctest.h>

namespace prombraid::metrics {
namespace {

using namespace std::chrono_literals;

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

TEST_CASE("what is counted comes out under its name") {
  Metrics metrics({.version = "0.1.0", .revision = "abc", .compiler = "clang", .reads_max = 10});
  ThreadCounters& thread = metrics.add_thread();
  thread.reads[ResponseType::streamed][Outcome::ok].add();
  thread.samples_filled.add(7);
  thread.count_request("/api/v1/read", "POST", 200);
  thread.count_request("", "BREW", 299);
  const std::string text = metrics.render();
  CHECK(has_line(text, R"(prombraid_reads_total{outcome="ok",type="streamed_xor_chunks"} 1)"));
  CHECK(has_line(text, "prombraid_samples_filled_total 7"));
  CHECK(has_line(
      text, R"(prombraid_http_requests_total{handler="/api/v1/read",method="POST",code="200"} 1)"));
  CHECK(has_line(
      text, R"(prombraid_http_requests_total{handler="other",method="other",code="other"} 1)"));
  CHECK(
      has_line(text, R"(prombraid_build_info{version="0.1.0",revision="abc",compiler="clang"} 1)"));
}

TEST_CASE("errors that never happened are there as 0") {
  Metrics metrics({});
  metrics.replica("10.0.0.1:9090");
  const std::string text = metrics.render();
  CHECK(has_line(text, R"(prombraid_reads_total{outcome="unavailable",type="none"} 0)"));
  CHECK(has_line(text, R"(prombraid_limit_hits_total{limit="memory"} 0)"));
  CHECK(has_line(
      text,
      R"(prombraid_replica_failures_total{replica="10.0.0.1:9090",reason="corrupt_frame"} 0)"));
}

TEST_CASE("threads are summed, gauges go up and down") {
  Metrics metrics({});
  ThreadCounters* const counters[] = {&metrics.add_thread(), &metrics.add_thread()};
  std::thread threads[2];
  for (int t = 0; t < 2; ++t) {
    threads[t] = std::thread([&, t] {
      for (int i = 0; i < 10'000; ++i) counters[t]->samples_out.add();
      counters[t]->reads_in_flight.add(t + 1);
      counters[t]->reads_in_flight.add(-1);
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(has_line(metrics.render(), "prombraid_samples_out_total 20000"));
  CHECK(has_line(metrics.render(), "prombraid_reads_in_flight 1"));
}

TEST_CASE("counters of another room are shown beside ours") {
  Metrics metrics({});
  metrics.add_source([](Families& out) {
    out.gauge("http_connections", "Open connections.");
    out.add(3);
  });
  CHECK(has_line(metrics.render(), "prombraid_http_connections 3"));
}

TEST_CASE("a reason that is not known is counted as other") {
  Metrics metrics({});
  metrics.replica("r")->failures["torn"].add();
  metrics.replica("r")->failures["invented"].add(2);
  const std::string text = metrics.render();
  CHECK(has_line(text, R"(prombraid_replica_failures_total{replica="r",reason="torn"} 1)"));
  CHECK(has_line(text, R"(prombraid_replica_failures_total{replica="r",reason="other"} 2)"));
}

TEST_CASE("a status is counted as itself where it is one of those that are answered") {
  Metrics metrics({});
  auto& thread = metrics.add_thread();
  for (const unsigned status : {401u, 429u, 418u}) thread.count_request("/", "GET", status);
  const std::string text = metrics.render();
  for (const char* code : {"401", "429", "other"}) {
    CHECK(has_line(text, std::string(R"(prombraid_http_requests_total{handler="/",method="GET",)") +
                             "code=\"" + code + "\"} 1"));
  }
}

TEST_CASE("a duration falls into the first bucket that holds it") {
  Metrics metrics({});
  auto replica = metrics.replica("[::1]:9090");
  replica->first_byte.observe(5ms);
  replica->first_byte.observe(7ms);
  replica->first_byte.observe(2min);
  const std::string text = metrics.render();
  const std::string name = "prombraid_replica_first_byte_seconds";
  CHECK(has_line(text, name + R"(_bucket{replica="[::1]:9090",le="0.005"} 1)"));
  CHECK(has_line(text, name + R"(_bucket{replica="[::1]:9090",le="0.01"} 2)"));
  CHECK(has_line(text, name + R"(_bucket{replica="[::1]:9090",le="60"} 2)"));
  CHECK(has_line(text, name + R"(_bucket{replica="[::1]:9090",le="+Inf"} 3)"));
  CHECK(has_line(text, name + R"(_sum{replica="[::1]:9090"} 120.012)"));
}

TEST_CASE("a replica that left takes its series along, and its holders may go on") {
  Metrics metrics({});
  auto gone = metrics.replica("10.0.0.1:9090");
  metrics.replica("10.0.0.2:9090");
  metrics.keep_replicas("default", {"10.0.0.2:9090"});
  gone->requests.add();
  const std::string text = metrics.render();
  CHECK(text.find("10.0.0.1") == std::string::npos);
  CHECK(text.find("10.0.0.2") != std::string::npos);
}

TEST_CASE("names from outside can't break the text") {
  Metrics metrics({});
  metrics.discovery("a\"b\\c\nd\xff");
  CHECK(has_line(metrics.render(),
                 "prombraid_dns_lookups_total{name=\"a\\\"b\\\\c\\nd\xef\xbf\xbd\"} 0"));
}

TEST_CASE("the process says what it uses") {
  const std::string text = Metrics({}).render();
  for (const char* name : {"cpu_seconds_total", "start_time_seconds", "resident_memory_bytes",
                           "open_fds", "max_fds", "threads"}) {
    const auto at = text.find("\nprocess_" + std::string(name) + " ");
    REQUIRE(at != std::string::npos);
    if (std::string(name) != "cpu_seconds_total") {
      CHECK(std::stod(text.substr(text.find(' ', at + 1))) > 0);
    }
  }
}

TEST_CASE("promtool finds nothing to say" *
          doctest::skip(std::system("command -v promtool >/dev/null") != 0)) {
  Metrics metrics({.version = "0.1.0", .revision = "abc", .compiler = "clang"});
  metrics.add_thread();
  metrics.replica("10.0.0.1:9090");
  metrics.discovery("dns+prometheus:9090");
  std::FILE* const promtool = popen("promtool check metrics 2>&1", "w");
  REQUIRE(promtool != nullptr);
  const std::string text = metrics.render();
  std::fwrite(text.data(), 1, text.size(), promtool);
  CHECK(pclose(promtool) == 0);
}

}  // namespace
}  // namespace prombraid::metrics
