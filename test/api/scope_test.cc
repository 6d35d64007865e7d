#include "api/scope.h"

#include <doctest/doctest.h>

using namespace prombraid;
using namespace prombraid::api;

namespace {

Labels labels(std::initializer_list<std::pair<const char*, const char*>> all) {
  Labels::Builder out;
  for (const auto& [name, value] : all) out.set(name, value);
  return out.build();
}

std::vector<query::Member> two_members() {
  std::vector<query::Member> out(2);
  out[0] = {"a:9090", labels({{"region", "eu"}, {"replica", "r0"}}), false};
  out[1] = {"b:9090", labels({{"region", "eu"}, {"replica", "r1"}}), false};
  return out;
}

/// The first selector of each member that is asked `text`, `-` for one that is not.
std::vector<std::string> asked(std::string_view text) {
  const auto members = two_members();
  Scope scope = *scope_of(*Form::parse("match[]=" + percent_encoded(text)));
  const auto all = members_asked(scope, members, query::ReplicaLabels(), {});
  std::vector<std::string> out(members.size(), "-");
  for (const MemberScope& one : *all) out[one.member] = one.selectors.front().text;
  return out;
}

}  // namespace

TEST_CASE("selectors, times and a limit are read") {
  const auto scope =
      scope_of(*Form::parse("match[]=up&start=1.5&end=2026-03-02T00:00:00Z&limit=3"));
  REQUIRE(scope.has_value());
  CHECK(scope->selectors.size() == 1);
  CHECK(scope->start == "1.5");
  CHECK(scope->limit == 3);
}

TEST_CASE("what can't be read is named") {
  struct Case {
    const char* query;
    const char* says;
  };
  for (const Case& c :
       {Case{"match[]=up%7B", "invalid parameter \"match[]\": at position 4"},
        Case{"match[]=%7B%7D", "match[]"}, Case{"start=soon", "\"start\""},
        Case{"end=-", "\"end\""}, Case{"limit=-1", "\"limit\""}, Case{"limit=many", "\"limit\""}}) {
    CAPTURE(c.query);
    const auto scope = scope_of(*Form::parse(c.query));
    REQUIRE(scope.has_error());
    CHECK(scope.error().kind == ErrorKind::bad_request);
    CHECK(scope.error().what.find(c.says) != std::string::npos);
  }
}

TEST_CASE("matchers on external labels are evaluated here") {
  using Texts = std::vector<std::string>;
  struct Case {
    const char* title;
    const char* selector;
    Texts asked;
  };
  const std::string up = R"({__name__="up"})";
  for (const Case& c :
       {Case{"none", "up", {up, up}},
        Case{"a value that both have",
             "up{region=\"eu\"}",
             {R"({__name__="up",region=~"|eu"})", R"({__name__="up",region=~"|eu"})"}},
        Case{"a value with a dot",
             "up{region=~\"e.\"}",
             {R"x({__name__="up",region=~"|(?:e.)"})x", R"x({__name__="up",region=~"|(?:e.)"})x"}},
        Case{"another value",
             "up{region=\"us\"}",
             {R"({__name__="up",region="us",region!=""})",
              R"({__name__="up",region="us",region!=""})"}},
        Case{"one replica", "up{replica=\"r1\"}", {"-", up}},
        Case{"no replica", "up{replica=~\"x.*\"}", {"-", "-"}},
        Case{"only an external label",
             "{region=\"eu\"}",
             {R"({region=~"|eu",__name__!=""})", R"({region=~"|eu",__name__!=""})"}},
        Case{"a name beyond the classic ones",
             "{\"my.label\"=\"x\"}",
             {R"({"my.label"="x"})", R"({"my.label"="x"})"}}}) {
    CAPTURE(c.title);
    CHECK(asked(c.selector) == c.asked);
  }
}

TEST_CASE("a member's query is encoded and carries the range") {
  const Scope scope{{}, "1", "2", 3};
  CHECK(query_string(scope, {}) == "start=1&end=2&limit=3");
  MemberScope member;
  member.selectors.push_back({R"({a="b"})", {}});
  CHECK(query_string({}, member, Matcher{MatchType::equal, "c", ""}) ==
        "match[]=" + percent_encoded(R"({a="b",c=""})"));
  CHECK(query_string({}, {}, Matcher{MatchType::equal, "c", ""}) ==
        "match[]=" + percent_encoded(R"({c="",__name__!=""})"));
}
