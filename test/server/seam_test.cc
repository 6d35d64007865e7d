#include <string>

#include <doctest/doctest.h>

#include "server/counters.h"
#include "server/http.h"
#include "server/listen_address.h"
#include "server/router.h"

namespace prombraid::server {
namespace {

Route nothing() {
  return [](Request&, Responder&) -> asio::awaitable<void> { co_return; };
}

std::string value_of(const Response& response, std::string_view name) {
  for (const Header& field : response.headers) {
    if (field.name == name) return field.value;
  }
  return "";
}

TEST_CASE("a router finds a route by path and method") {
  Router router("/braid");
  router.add("GET", "/metrics", nothing());
  router.add("POST", "/api/v1/read", nothing());

  CHECK(router.find("GET", "/braid/metrics").route != nullptr);
  CHECK(router.find("GET", "/braid/metrics").path == "/metrics");
  CHECK(router.find("HEAD", "/braid/metrics").route != nullptr);
  CHECK(router.find("HEAD", "/braid/api/v1/read").route == nullptr);

  const Router::Match wrong_method = router.find("DELETE", "/braid/metrics");
  CHECK(wrong_method.route == nullptr);
  CHECK(wrong_method.refusal.status == 405);
  CHECK(value_of(wrong_method.refusal, "Allow") == "GET, HEAD");
  CHECK(wrong_method.path == "/metrics");

  for (const char* path : {"/metrics", "/braid/metrics/", "/braid", "/", "*", ""}) {
    CAPTURE(path);
    const Router::Match unknown = router.find("GET", path);
    CHECK(unknown.route == nullptr);
    CHECK(unknown.refusal.status == 404);
    CHECK(unknown.refusal.body == "404 page not found\n");
    CHECK(unknown.path.empty());
  }
}

TEST_CASE("an error is worded as Go's http.Error does it") {
  const Response response = text(503, "no replica answered");
  CHECK(response.status == 503);
  CHECK(response.body == "no replica answered\n");
  CHECK(value_of(response, "Content-Type") == "text/plain; charset=utf-8");
  CHECK(value_of(response, "X-Content-Type-Options") == "nosniff");
  CHECK(reason_phrase(503) == "Service Unavailable");
  CHECK(reason_phrase(299) == "Unknown");
}

TEST_CASE("header names match in any case") {
  Request request;
  request.headers.emplace_back("Content-Encoding", "snappy");
  request.headers.emplace_back("content-encoding", "gzip");
  CHECK(request.header("CONTENT-encoding") == "snappy");
  CHECK(request.header("Content") == std::nullopt);
}

TEST_CASE("listen addresses") {
  struct Case {
    const char* text;
    const char* endpoint;  // null: refused
    bool dual_stack;
  };
  const Case cases[] = {
      {":9201", "[::]:9201", true},
      {"127.0.0.1:0", "127.0.0.1:0", false},
      {"[::1]:9201", "[::1]:9201", false},
      {"0.0.0.0:80", "0.0.0.0:80", false},
      {"9201", nullptr, false},
      {"::1:9201", nullptr, false},
      {"[127.0.0.1]:9201", nullptr, false},
      {"localhost:9201", nullptr, false},
      {":65536", nullptr, false},
      {":-1", nullptr, false},
      {":", nullptr, false},
      {":80x", nullptr, false},
      {"", nullptr, false},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const Result<ListenAddress> address = ListenAddress::parse(c.text);
    REQUIRE(address.has_value() == (c.endpoint != nullptr));
    if (!address) continue;
    const auto& endpoint = address->endpoint;
    std::string shown = endpoint.address().to_string();
    if (endpoint.address().is_v6()) shown = "[" + shown + "]";
    CHECK(shown + ":" + std::to_string(endpoint.port()) == c.endpoint);
    CHECK(address->dual_stack == c.dual_stack);
  }
}

TEST_CASE("every refusal has a name of its own") {
  for (int i = 0; i < static_cast<int>(Refusal::count_); ++i) {
    for (int j = 0; j < i; ++j) {
      CHECK(std::string(name_of(Refusal(i))) != name_of(Refusal(j)));
    }
    CHECK(std::string(name_of(Refusal(i))) != "unknown");
  }
}

TEST_CASE("a segment of a path may be anything, and the rest of a tree has one route") {
  Router router("/p");
  router.add("GET", "/a/label/*/values", nothing());
  router.add_rest("/a/", nothing());
  struct Case {
    const char* method;
    const char* path;
    const char* known_as;
  };
  for (const Case& c :
       {Case{"GET", "/p/a/label/job/values", "/a/label/*/values"},
        Case{"HEAD", "/p/a/label/%2F/values", "/a/label/*/values"},
        Case{"GET", "/p/a/label//values", "/a/"}, Case{"GET", "/p/a/label/x/y/values", "/a/"},
        Case{"GET", "/p/a/label/values", "/a/"}, Case{"PUT", "/p/a/x", "/a/"},
        Case{"GET", "/p/b", ""}, Case{"GET", "/p/a", ""}}) {
    CAPTURE(c.path);
    const auto match = router.find(c.method, c.path);
    CHECK(match.path == c.known_as);
    CHECK((match.route != nullptr) == (*c.known_as != '\0'));
  }
  CHECK(router.find("POST", "/p/a/label/job/values").refusal.status == 405);
}

}  // namespace
}  // namespace prombraid::server
