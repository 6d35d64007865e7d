#include <doctest/doctest.h>

#include "api/engine.h"
#include "api/passed.h"

using namespace prombraid;
using api::forwarded_fields;
using api::returned_fields;
using server::Header;

TEST_CASE("end-to-end fields go along") {
  CHECK(forwarded_fields({{"Accept", "*/*"}, {"X-Scope-OrgID", "a"}}) ==
        "Accept: */*\r\nX-Scope-OrgID: a\r\n");
}

TEST_CASE("what belongs to the connection, and credentials, stay behind") {
  for (const char* name :
       {"connection", "Keep-Alive", "TE", "Transfer-Encoding", "Upgrade", "Content-Length", "Host",
        "authorization", "Cookie", "Expect", "X-Prombraid-Passed"}) {
    CAPTURE(name);
    CHECK(forwarded_fields({{name, "x"}}) == "");
  }
  CHECK(forwarded_fields({{"Connection", "close, X-One"}, {"x-one", "1"}, {"X-Two", "2"}}) ==
        "X-Two: 2\r\n");
}

TEST_CASE("an engine's fields come back without those of its connection") {
  const auto fields = returned_fields(
      "Vary: Origin\r\nX-One: 1\r\nKeep-Alive: 5\r\nDate: now\r\nEmpty: \r\n", "keep-alive, x-one");
  CHECK(fields == std::vector<Header>{{"Vary", "Origin"}, {"Empty", ""}});
}

TEST_CASE("a question that was here before is known") {
  CHECK_FALSE(api::in_circle("", "me"));
  CHECK_FALSE(api::in_circle("a,b", "me"));
  CHECK(api::in_circle("a,me", "me"));
  CHECK(api::in_circle("1,2,3,4,5,6,7,8", "me"));
  CHECK(api::with_marker("", "me") == "me");
  CHECK(api::with_marker("a", "me") == "a,me");
}
