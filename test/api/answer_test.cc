#include "api/answer.h"

#include <doctest/doctest.h>

using namespace prombraid;
using api::failure;
using api::success;

TEST_CASE("an answer has the shape of Prometheus's API") {
  CHECK(success("[1]").body == R"({"status":"success","data":[1]})");
  CHECK(success("[]", {"a", "b\"c"}).body ==
        R"({"status":"success","data":[],"warnings":["a","b\"c"]})");
}

TEST_CASE("a failure has the status that Prometheus gives its kind") {
  struct Case {
    ErrorKind kind;
    unsigned status;
    const char* type;
  };
  for (const Case& c :
       {Case{ErrorKind::bad_request, 400, "bad_data"}, Case{ErrorKind::limit, 422, "execution"},
        Case{ErrorKind::unavailable, 503, "unavailable"}, Case{ErrorKind::timeout, 503, "timeout"},
        Case{ErrorKind::internal, 500, "internal"}}) {
    CAPTURE(name_of(c.kind));
    const auto response = failure(Error(c.kind, "why"));
    CHECK(response.status == c.status);
    CHECK(response.body ==
          R"({"status":"error","errorType":")" + std::string(c.type) + R"(","error":"why"})");
  }
}

TEST_CASE("text that is no UTF-8 still makes JSON") {
  CHECK(api::quoted("a\xff") == "\"a\xEF\xBF\xBD\"");
  CHECK(api::quoted("\n\x01") == R"("\n\u0001")");
}
