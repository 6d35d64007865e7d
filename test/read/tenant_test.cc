#include "read/tenant.h"

#include <doctest/doctest.h>

namespace prombraid::read {
namespace {

server::Request request(std::vector<server::Header> headers) {
  server::Request out;
  out.headers = std::move(headers);
  return out;
}

const TenantRules by_header{{}, "tenant", "X-Scope-OrgID", ""};

TEST_CASE("the header's value is the matcher's") {
  const auto matcher = enforced_matcher(by_header, request({{"x-scope-orgid", " team-a "}}));
  REQUIRE(!matcher.has_error());
  CHECK(**matcher == Matcher{MatchType::equal, "tenant", "team-a"});
}

TEST_CASE("nothing is enforced where nothing is configured") {
  CHECK(!*enforced_matcher({}, request({{"X-Scope-OrgID", "a"}})));
}

TEST_CASE("a fixed value, whatever the headers say") {
  const TenantRules fixed{{}, "tenant", "", "a"};
  CHECK((*enforced_matcher(fixed, request({{"X-Scope-OrgID", "b"}})))->value == "a");
  CHECK((*enforced_matcher(fixed, request({})))->value == "a");
}

TEST_CASE("what could be a way around is refused") {
  struct Case {
    const char* name;
    std::vector<server::Header> headers;
    const char* what;
  };
  for (const Case& c : {
           Case{"missing", {{"X-Other", "a"}}, "is missing"},
           {"empty", {{"X-Scope-OrgID", ""}}, "is empty"},
           {"blanks", {{"X-Scope-OrgID", " \t "}}, "is empty"},
           {"twice", {{"X-Scope-OrgID", "a"}, {"x-scope-orgid", "b"}}, "more than once"},
           {"twice the same", {{"X-Scope-OrgID", "a"}, {"X-Scope-OrgID", "a"}}, "more than once"},
           {"too long", {{"X-Scope-OrgID", std::string(1025, 'a')}}, "is too long"},
           {"a control character", {{"X-Scope-OrgID", "a\x01"}}, "is not UTF-8 text"},
           {"no UTF-8", {{"X-Scope-OrgID", "a\xff"}}, "is not UTF-8 text"},
       }) {
    CAPTURE(c.name);
    const auto matcher = enforced_matcher(by_header, request(c.headers));
    REQUIRE(matcher.has_error());
    CHECK(matcher.error().kind == ErrorKind::bad_request);
    CHECK(matcher.error().what.find("the header X-Scope-OrgID ") == 0);
    CHECK_MESSAGE(matcher.error().what.find(c.what) != std::string::npos, matcher.error().what);
  }
}

TEST_CASE("a value that looks like a regular expression is a plain text") {
  const auto matcher = enforced_matcher(by_header, request({{"X-Scope-OrgID", ".*"}}));
  CHECK((*matcher)->type == MatchType::equal);
  CHECK((*matcher)->value == ".*");
  CHECK(!enforced_matcher(by_header, request({{"X-Scope-OrgID", std::string(1024, 'a')}}))
             .has_error());
}

TEST_CASE("which headers go on, in the order of the configuration") {
  const TenantRules rules{{"X-Scope-OrgID", "Authorization"}, "", "", ""};
  CHECK(passed_lines(rules, request({{"authorization", "Bearer t"},
                                     {"Cookie", "c"},
                                     {"x-scope-orgid", "a"},
                                     {"x-scope-orgid", "b"}})) ==
        "X-Scope-OrgID: a\r\nX-Scope-OrgID: b\r\nAuthorization: Bearer t\r\n");
  CHECK(passed_lines(rules, request({{"Authorization", "a\r\nHost: other"}})).empty());
}

TEST_CASE("a trace's own headers go on only where it is not traced here") {
  const TenantRules rules{{"traceparent", "tracestate", "X-A"}, "", "", ""};
  auto asked = request({{"Traceparent", "p"}, {"tracestate", "s"}, {"X-A", "a"}});
  CHECK(passed_lines(rules, asked) == "traceparent: p\r\ntracestate: s\r\nX-A: a\r\n");
  asked.trace = std::make_shared<trace::RequestTrace>(trace::Span(), true, "", nullptr);
  CHECK(passed_lines(rules, asked) == "X-A: a\r\n");
}

}  // namespace
}  // namespace prombraid::read
