#include "read/failures.h"

#include <doctest/doctest.h>

namespace prombraid::read {
namespace {

using replica::FailureReason;

FailedReplica refused(const char* name) {
  replica::Endpoint endpoint{"prom", name, 9090, "/api/v1/read"};
  return {endpoint.key(), replica::failure_of(endpoint, FailureReason::refused, "nobody listens")};
}

FailedReplica answered(const char* name, unsigned status, const char* text) {
  replica::Endpoint endpoint{"prom", name, 9090, "/api/v1/read"};
  return {endpoint.key(), replica::status_failure(endpoint, status, text)};
}

TEST_CASE("too few replicas: 503 and a line for each") {
  const FailedReplicas failed = {refused("10.0.0.1"), answered("10.0.0.2", 500, "tsdb is broken")};
  const server::Response response = refusal(failed, 2, 0, 1);
  CHECK(response.status == 503);
  CHECK(response.body.find("0 of 2 replicas answered, 1 needed\n") == 0);
  CHECK(response.body.find("10.0.0.1:9090") != std::string::npos);
  CHECK(response.body.find("tsdb is broken") != std::string::npos);
}

TEST_CASE("a refusal that all agree on is the client's own fault") {
  const FailedReplicas all = {answered("10.0.0.1", 400, "exceeded sample limit (5)"),
                              answered("10.0.0.2", 400, "exceeded sample limit (5)")};
  CHECK(refusal(all, 2, 0, 1).status == 400);
  CHECK(refusal(all, 2, 0, 1).body.find("exceeded sample limit (5)") == 0);
  SUBCASE("but not where another one answered or failed otherwise") {
    CHECK(refusal(all, 3, 1, 2).status == 503);
    CHECK(refusal({all[0], refused("10.0.0.2")}, 2, 0, 1).status == 503);
  }
}

TEST_CASE("a login that all refuse is the client's where its headers are passed on") {
  FailedReplicas all = {answered("10.0.0.1", 401, "no"), answered("10.0.0.2", 401, "no")};
  CHECK(refusal(all, 2, 0, 1, "", false).status == 503);
  CHECK(refusal({all[0], answered("10.0.0.2", 403, "no")}, 2, 0, 1, "", true).status == 503);
  CHECK(refusal(all, 3, 1, 2, "", true).status == 503);
  all[1].failure.challenge = "Bearer realm=\"x\"";
  const server::Response told = refusal(all, 2, 0, 1, "", true);
  CHECK(told.status == 401);
  REQUIRE(told.headers.size() > 1);
  CHECK(told.headers.back() == server::Header("WWW-Authenticate", "Bearer realm=\"x\""));
  CHECK(refusal({answered("10.0.0.1", 403, "no")}, 1, 0, 1, "", true).status == 403);
}

TEST_CASE("the summary names replica and reason") {
  CHECK(summary({refused("10.0.0.1"), answered("10.0.0.2", 503, "")}) ==
        "10.0.0.1:9090 (refused), 10.0.0.2:9090 (status_5xx)");
}

}  // namespace
}  // namespace prombraid::read
