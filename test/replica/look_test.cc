#include "replica/look.h"

#include <doctest/doctest.h>

#include "replica/answers.h"
#include "replica/fixture.h"
#include "replica/scripted_replica.h"

namespace prombraid::replica {
namespace {

using namespace test;
using std::chrono::milliseconds;

const std::string config =
    R"({"status":"success","data":{"yaml":"global:\n  external_labels:\n    replica: r0\n"}})";
const std::string build = R"({"status":"success","data":{"version":"3.14.0"}})";
const std::string runtime = R"({"status":"success","data":{"storageRetention":"15d"}})";

std::string json(const std::string& body) {
  return plain("200 OK", {"Content-Type: application/json"}, body);
}

ReadResult<ReplicaFacts> look_at(Script script, std::vector<std::string>* requests = nullptr,
                                 std::string path = "/prom/api/v1/read") {
  Fixture f;
  ScriptedReplica replica(f.io.get_executor(), {std::move(script)});
  auto endpoint = replica.endpoint();
  endpoint.path = std::move(path);
  auto facts = f.run(look(f.connections, endpoint, Fixture::in(milliseconds(300))));
  if (requests != nullptr) *requests = replica.requests();
  return facts;
}

TEST_CASE("a look asks three questions on one connection") {
  std::vector<std::string> requests;
  const auto facts = look_at({read_request(), send(json(config)), read_request(), send(json(build)),
                              read_request(), send(json(runtime))},
                             &requests);
  REQUIRE(facts.has_value());
  CHECK(facts->external_labels.get("replica") == "r0");
  CHECK(facts->version == "3.14.0");
  CHECK(facts->retention == "15d");
  CHECK(facts->when.time_since_epoch().count() > 0);
  REQUIRE(requests.size() == 3);
  CHECK(requests[0].starts_with("GET /prom/api/v1/status/config HTTP/1.1\r\nHost: scripted.test:"));
  CHECK(requests[1].starts_with("GET /prom/api/v1/status/buildinfo HTTP/1.1\r\n"));
  CHECK(requests[2].starts_with("GET /prom/api/v1/status/runtimeinfo HTTP/1.1\r\n"));
}

TEST_CASE("a look can do without the runtime") {
  const auto facts = look_at({read_request(), send(json(config)), read_request(), send(json(build)),
                              read_request(), send(plain("404 Not Found", {}, "no"))});
  REQUIRE(facts.has_value());
  CHECK(facts->retention.empty());
}

TEST_CASE("a look that fails says at what") {
  struct Case {
    const char* name;
    std::string answer;
    FailureReason reason;
    const char* said;
  };
  const Case cases[] = {
      {"not a Prometheus", plain("404 Not Found", {}, "404 page not found\n"),
       FailureReason::status_4xx, "is this a Prometheus?"},
      {"not ready", plain("503 Service Unavailable", {}, "Service Unavailable\n"),
       FailureReason::status_5xx, "Service Unavailable"},
      {"HTML", json("<html>"), FailureReason::content_type, "not JSON"},
      {"too long", head("200 OK", {"Content-Length: 9999999"}) + std::string(5 << 20, 'x'),
       FailureReason::limit, "4194304"},
      {"stalls", head("200 OK", {"Content-Length: 9"}), FailureReason::timeout, "deadline"},
      {"no length", head("200 OK", {}) + config, FailureReason::bad_http, "without a length"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const auto facts = look_at(answering(c.answer));
    REQUIRE_FALSE(facts.has_value());
    CHECK(facts.error().reason == c.reason);
    CAPTURE(facts.error().error.what);
    CHECK(facts.error().error.what.find(c.said) != std::string::npos);
    CHECK(facts.error().error.what.find("/prom/api/v1/status/config") != std::string::npos);
  }
  CHECK_FALSE(look_at({}, nullptr, "/read").has_value());
}

}  // namespace
}  // namespace prombraid::replica
