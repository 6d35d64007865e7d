#include "series/matcher.h"

#include <doctest/doctest.h>

namespace prombraid {
namespace {

bool matches(MatchType type, const char* pattern, const char* value) {
  return CompiledMatcher::compile({type, "l", pattern}).value().matches(value);
}

TEST_CASE("each type of matcher") {
  CHECK(matches(MatchType::equal, "a", "a"));
  CHECK_FALSE(matches(MatchType::equal, "a", ""));
  CHECK(matches(MatchType::equal, "", ""));
  CHECK(matches(MatchType::not_equal, "a", "b"));
  CHECK_FALSE(matches(MatchType::not_equal, "a", "a"));
  CHECK(matches(MatchType::regex, "a|b", "b"));
  CHECK_FALSE(matches(MatchType::not_regex, "a|b", "b"));
}

TEST_CASE("a regular expression is anchored at both ends and its dot takes a newline") {
  CHECK_FALSE(matches(MatchType::regex, "a", "ab"));
  CHECK_FALSE(matches(MatchType::regex, "b", "ab"));
  CHECK_FALSE(matches(MatchType::regex, "a|ab", "abc"));
  CHECK(matches(MatchType::regex, "a.b", "a\nb"));
  CHECK(matches(MatchType::regex, ".*", ""));
}

TEST_CASE("a bad expression is the client's fault and says which") {
  const auto bad = CompiledMatcher::compile({MatchType::regex, "pod", "("});
  REQUIRE(bad.has_error());
  CHECK(bad.error().kind == ErrorKind::bad_request);
  CHECK(bad.error().what.find("pod=~\"(\"") != std::string::npos);
}

}  // namespace
}  // namespace prombraid
