#include "replica/said.h"

#include <doctest/doctest.h>

#include "replica/failure.h"

namespace prombraid::replica {
namespace {

Endpoint endpoint(std::string host) {
  Endpoint endpoint;
  endpoint.host = std::move(host);
  endpoint.ip = "127.0.0.9";
  endpoint.port = 9090;
  endpoint.path = "/api/v1/read";
  return endpoint;
}

TEST_CASE("what a replica said becomes one printable line") {
  CHECK(printable("exceeded sample limit (5)\n") == "exceeded sample limit (5)");
  CHECK(printable("a\r\nb\tc") == "a  b c");
  CHECK(printable("gr\xc3\xbc\xc3\x9f") == "gr\xc3\xbc\xc3\x9f");
  CHECK(printable("\x1b[31m\xff\xc3") == ".[31m..");
  CHECK(printable("\xc2\x9b[31m") == "..[31m");
  CHECK(printable("abcdef", 3) == "abc");
  CHECK(printable("ab\xc3\xbc", 3) == "ab");
}

TEST_CASE("a text is told from bytes") {
  CHECK(is_text(""));
  CHECK(is_text("query failed: gr\xc3\xbc\n"));
  CHECK(is_text("cut off \xe2\x82"));
  CHECK_FALSE(is_text(std::string_view("nul\0", 4)));
  CHECK_FALSE(is_text("\xff text"));
  CHECK_FALSE(is_text("\xe2\x82 in the middle"));
}

TEST_CASE("a failure says who, what and why") {
  const auto refused = failure_of(endpoint("prom-0.prom"), FailureReason::refused, "connecting");
  CHECK(refused.error.what == "replica 127.0.0.9:9090 (prom-0.prom): connecting");
  CHECK(refused.error.kind == ErrorKind::unavailable);

  const auto status = status_failure(endpoint("127.0.0.9"), 400, "exceeded sample limit (5)\n");
  CHECK(status.reason == FailureReason::status_4xx);
  CHECK(status.status == 400);
  CHECK(status.text == "exceeded sample limit (5)");
  CHECK(status.error.kind == ErrorKind::bad_request);
  CHECK(status.error.what == "replica 127.0.0.9:9090: answered 400: \"exceeded sample limit (5)\"");

  CHECK(status_failure(endpoint(""), 401, "").error.kind == ErrorKind::unavailable);
  CHECK(status_failure(endpoint(""), 503, "").reason == FailureReason::status_5xx);
  CHECK(status_failure(endpoint(""), 307, "").reason == FailureReason::status_3xx);
  CHECK(status_failure(endpoint(""), 204, "").reason == FailureReason::content_type);
}

}  // namespace
}  // namespace prombraid::replica
