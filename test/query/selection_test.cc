#include "query/selection.h"

#include <initializer_list>

#include <doctest/doctest.h>

namespace prombraid::query {
namespace {

Labels make(std::initializer_list<std::pair<const char*, const char*>> pairs) {
  Labels::Builder builder;
  for (const auto& [name, value] : pairs) builder.set(name, value);
  return builder.build();
}

Member known(const char* name, std::initializer_list<std::pair<const char*, const char*>> labels) {
  return {name, make(labels), false};
}

const std::vector<Member> two = {
    known("a:1", {{"cluster", "lab"}, {"replica", "r0"}}),
    known("b:1", {{"cluster", "lab"}, {"replica", "r1"}}),
};

Selection select(std::initializer_list<Matcher> matchers, const std::vector<Member>& members = two,
                 std::vector<std::string> ignored = {}) {
  const std::vector<Matcher> list(matchers);
  return select_members(list, members, ReplicaLabels(), ignored).value();
}

std::string text(const Selection& selection) {
  std::string out;
  for (const MemberSelection& member : selection.members) {
    out += member.asked ? "ask(" : "skip(";
    for (const Matcher& matcher : member.matchers) out += to_string(matcher) + " ";
    for (const auto& filter : member.post_filters) out += "filter:" + filter.first + " ";
    out += ")";
  }
  if (selection.keep_replica_labels) out += " keep";
  for (const Matcher& matcher : selection.ignored) out += " ignored:" + to_string(matcher);
  return out;
}

const Matcher up{MatchType::equal, "__name__", "up"};

TEST_CASE("a matcher on no external label goes to every member as it is") {
  CHECK(text(select({up})) == "ask(__name__=\"up\" )ask(__name__=\"up\" )");
}

TEST_CASE("a matcher on a shared external label is evaluated here") {
  struct Row {
    const char* what;
    Matcher matcher;
    const char* expected;
  };
  const Row rows[] = {
      {"equal to ours", {MatchType::equal, "cluster", "lab"}, "ask(filter:cluster )"},
      {"a regex that takes ours", {MatchType::regex, "cluster", "l.*"}, "ask(filter:cluster )"},
      {"not another's", {MatchType::not_equal, "cluster", "eu"}, "ask(filter:cluster )"},
      {"another's", {MatchType::equal, "cluster", "eu"}, "ask(cluster=\"eu\" cluster!=\"\" )"},
      {"not ours",
       {MatchType::not_equal, "cluster", "lab"},
       "ask(cluster!=\"lab\" cluster!=\"\" )"},
      {"absent", {MatchType::equal, "cluster", ""}, "ask(cluster=\"\" cluster!=\"\" )"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(text(select({row.matcher}, {two[0]})) == row.expected);
  }
}

TEST_CASE("a matcher on a replica label chooses members") {
  struct Row {
    const char* what;
    Matcher matcher;
    const char* expected;
  };
  const Row rows[] = {
      {"one by name", {MatchType::equal, "replica", "r0"}, "ask()skip() keep"},
      {"one by regex", {MatchType::regex, "replica", ".*1"}, "skip()ask() keep"},
      {"all but one", {MatchType::not_equal, "replica", "r0"}, "skip()ask() keep"},
      {"all by regex", {MatchType::regex, "replica", "r.*"}, "ask()ask()"},
      {"the merged series", {MatchType::equal, "replica", ""}, "ask()ask()"},
      {"the merged series by regex", {MatchType::not_regex, "replica", ".+"}, "ask()ask()"},
      {"an upstream's own",
       {MatchType::equal, "replica", "up0"},
       "ask()ask() ignored:replica=\"up0\""},
      {"nobody's regex", {MatchType::regex, "replica", "x.*"}, "skip()skip()"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(text(select({row.matcher})) == row.expected);
  }
}

TEST_CASE("a set of one that is named keeps its label, one that is not named does not") {
  CHECK(text(select({{MatchType::equal, "replica", "r0"}}, {two[0]})) == "ask() keep");
  CHECK(text(select({{MatchType::regex, "replica", ".*"}}, {two[0]})) == "ask()");
}

TEST_CASE("a member whose labels are not known gets the matchers as they are") {
  CHECK(text(select({{MatchType::equal, "cluster", "lab"}}, {{"c:1", {}, false}})) ==
        "ask(cluster=\"lab\" )");
}

TEST_CASE("an ignored name is as if it were not there") {
  CHECK(text(select({up, {MatchType::equal, "replica", "r0"}}, two, {"replica"})) ==
        "ask(__name__=\"up\" )ask(__name__=\"up\" )");
}

TEST_CASE("a bad expression on an external label is the client's fault") {
  const std::vector<Matcher> bad = {{MatchType::regex, "cluster", "("}};
  const auto result = select_members(bad, two, ReplicaLabels(), {});
  REQUIRE(result.has_error());
  CHECK(result.error().kind == ErrorKind::bad_request);
}

}  // namespace
}  // namespace prombraid::query
