#include "query/selector.h"

#include <doctest/doctest.h>

namespace prombraid::query {
namespace {

using Matchers = std::vector<Matcher>;

TEST_CASE("a metric's name is a selector") {
  CHECK(parse_selector("up").value() == Matchers{{MatchType::equal, "__name__", "up"}});
}

TEST_CASE("selectors as PromQL has them") {
  struct Case {
    const char* name;
    const char* text;
    Matchers matchers;
  };
  const MatchType is = MatchType::equal;
  const Matcher a{is, "__name__", "a"};
  const Matcher up{is, "__name__", "up"};
  const Case cases[] = {
      {"all four kinds",
       R"(up{a="1", b!="2",c=~"3.*" , d!~'4|5'})",
       {up,
        {is, "a", "1"},
        {MatchType::not_equal, "b", "2"},
        {MatchType::regex, "c", "3.*"},
        {MatchType::not_regex, "d", "4|5"}}},
      {"blanks and a comma at the end", " \n up { a = `1` , } ", {up, {is, "a", "1"}}},
      {"colons in a recording rule's name", "job:up:sum{}", {{is, "__name__", "job:up:sum"}}},
      {"no name", R"({job="x"})", {{is, "job", "x"}}},
      {"a name by its label", R"({__name__=~"up|x"})", {{MatchType::regex, "__name__", "up|x"}}},
      {"quoted names",
       R"({"my.label"="x", "my.metric"})",
       {{is, "__name__", "my.metric"}, {is, "my.label", "x"}}},
      {"escapes",
       R"(a{b="\"\\\n\t\x41\101\u00e4\U0001F600"})",
       {a, {is, "b", "\"\\\n\tAA\u00e4\U0001F600"}}},
      {"raw", "a{b=`\\d\"`}", {a, {is, "b", "\\d\""}}},
      {"other quotes inside", R"(a{b='"`'})", {a, {is, "b", "\"`"}}},
      {"an absent label beside a name", R"(a{b=""})", {a, {is, "b", ""}}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const auto got = parse_selector(c.text);
    REQUIRE_MESSAGE(got.has_value(), got.error().what);
    CHECK(*got == c.matchers);
  }
}

TEST_CASE("what is wrong is told with its position") {
  struct Case {
    const char* name;
    const char* text;
    const char* says;
  };
  const Case cases[] = {
      {"nothing", "", "at position 1: an empty selector"},
      {"no matchers", "{}", "at position 1: an empty selector"},
      {"everything", R"({a=~".*"})", "at position 1: every matcher takes an absent label"},
      {"not a name", "5up", "at position 1: expected a metric name or '{'"},
      {"an expression", "rate(up[5m])", "at position 5: no more was expected"},
      {"never closed", R"(up{a="1")", "at position 9: a '{' that is never closed"},
      {"opened at the end", "up{", "at position 4: a '{' that is never closed"},
      {"quote never closed", R"(up{a="1})", "at position 6: a quote that is never closed"},
      {"no comma", R"(up{a="1" b="2"})", "at position 10: expected ',' or '}'"},
      {"two commas", R"(up{a="1",,})", "at position 10: expected a label name"},
      {"no value", "up{a=}", "at position 6: expected a quoted text"},
      {"no operator", "up{a}", "at position 5: expected =, !=, =~ or !~"},
      {"half an operator", R"(up{a!"1"})", "at position 5: expected =, !=, =~ or !~"},
      {"a digit first", R"(up{1a="1"})", "at position 4: expected a label name"},
      {"a bad escape", R"(up{a="1\d"})", "at position 8: not an escape that Go knows"},
      {"half an escape", R"(up{a="\x4"})", "at position 7: not an escape"},
      {"a surrogate", R"(up{a="\ud800"})", "at position 7: not an escape"},
      {"a bad regex", R"(up{a=~"("})", "at position 7: "},
      {"two names", R"(up{"down"})", "at position 4: a second metric name"},
      {"a line break", "up{a=\"\n\"}", "at position 7: a line break"},
      {"an offset", "up offset 5m", "at position 4: no more was expected"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const auto got = parse_selector(c.text);
    REQUIRE(got.has_error());
    CHECK(got.error().kind == ErrorKind::bad_request);
    CAPTURE(got.error().what);
    CHECK(got.error().what.starts_with(c.says));
  }
}

}  // namespace
}  // namespace prombraid::query
