#include "api/question.h"

#include <map>

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

using namespace prombraid;
using namespace prombraid::api;

namespace {

Labels labels(std::initializer_list<std::pair<const char*, const char*>> all) {
  Labels::Builder out;
  for (const auto& [name, value] : all) out.set(name, value);
  return out.build();
}

/// Two replicas of one region, and what each answers to a path.
struct World {
  World() : members(2) {
    members[0] = {"a:9090", labels({{"region", "eu"}, {"replica", "r0"}}), false};
    members[1] = {"b:9090", labels({{"region", "eu"}, {"replica", "r1"}}), false};
  }

  /// The union of the answers; replicas that have none for the call are left out.
  std::string answer(Asked asked) {
    REQUIRE(asked.has_value());
    const Replicas replicas{members, replica_labels, {}};
    const auto calls = (*asked)->ask(replicas);
    REQUIRE(calls.has_value());
    targets.clear();
    for (const Call& call : *calls) {
      targets.push_back(members[call.member].name + call.target);
      const auto said = replies.find({call.member, call.probe});
      if (said == replies.end()) continue;
      CHECK_FALSE(
          (*asked)->take(replicas, call, {boost::json::parse(said->second), {}}).has_error());
    }
    cut = (*asked)->cut();
    return (*asked)->data();
  }

  std::vector<query::Member> members;
  query::ReplicaLabels replica_labels;
  std::map<std::pair<std::size_t, bool>, std::string> replies;  ///< by member and probe
  std::vector<std::string> targets;
  bool cut = false;
};

Form form(std::string_view text) {
  return *Form::parse(text);
}

}  // namespace

TEST_CASE("label names of all replicas are one list, external labels among them") {
  World world;
  world.replies = {{{0, false}, R"(["__name__","job"])"},
                   {{1, false}, R"(["__name__","instance","replica"])"}};
  CHECK(world.answer(ask_label_names(form(""))) == R"(["__name__","instance","job","region"])");
  CHECK(world.targets == std::vector<std::string>{"a:9090/api/v1/labels", "b:9090/api/v1/labels"});
}

TEST_CASE("where no series match there are no external labels either") {
  World world;
  world.replies = {{{0, false}, "[]"}, {{1, false}, "null"}};
  CHECK(world.answer(ask_label_names(form("match[]=up"))) == "[]");
}

TEST_CASE("values are one list, and a limit cuts it") {
  World world;
  world.replies = {{{0, false}, R"(["b","c"])"}, {{1, false}, R"(["a","b"])"}};
  CHECK(world.answer(ask_label_values("job", form(""))) == R"(["a","b","c"])");
  CHECK_FALSE(world.cut);
  CHECK(world.answer(ask_label_values("job", form("limit=2"))) == R"(["a","b"])");
  CHECK(world.cut);
}

TEST_CASE("the value of an external label is there as long as a series has no other") {
  World world;
  world.replies = {{{0, false}, R"(["own"])"}, {{0, true}, R"(["__name__"])"}, {{1, true}, "[]"}};
  CHECK(world.answer(ask_label_values("region", form(""))) == R"(["eu","own"])");
  CHECK(world.targets[1] == "a:9090/api/v1/labels?match[]=" +
                                percent_encoded(R"({region="",__name__!=""})") + "&limit=1");
  world.replies[{0, true}] = "[]";
  CHECK(world.answer(ask_label_values("region", form(""))) == R"(["own"])");
}

TEST_CASE("replica labels have no values, but for the replica that is named") {
  World world;
  world.replies = {{{1, false}, "[]"}, {{1, true}, R"(["__name__"])"}};
  CHECK(world.answer(ask_label_values("replica", form(""))) == "[]");
  CHECK(world.targets.empty());
  CHECK(world.answer(ask_label_values("replica", form("match[]=up{replica=\"r1\"}"))) ==
        R"(["r1"])");
}

TEST_CASE("series are shown as a read would show them, once") {
  World world;
  world.replies = {{{0, false}, R"([{"__name__":"up","job":"x"}])"},
                   {{1, false}, R"([{"__name__":"up","job":"x","replica":"own"},
                                    {"__name__":"up","region":"us"}])"}};
  CHECK(world.answer(ask_series(form("match[]=up"))) ==
        R"([{"__name__":"up","job":"x","region":"eu"},{"__name__":"up","region":"us"}])");
}

TEST_CASE("series with a label of their own must satisfy the matcher on it") {
  World world;
  world.replies = {{{0, false}, R"([{"__name__":"up","region":"us"},{"__name__":"up"}])"}};
  CHECK(world.answer(ask_series(form("match[]=up{region=\"eu\"}"))) ==
        R"([{"__name__":"up","region":"eu"}])");
}

TEST_CASE("metadata has each form once") {
  World world;
  world.replies = {{{0, false}, R"({"up":[{"type":"gauge","help":"h","unit":""}]})"},
                   {{1, false}, R"({"up":[{"type":"gauge","help":"h","unit":""},
                                          {"type":"gauge","help":"i","unit":""}],"x":[]})"}};
  const std::string up = R"("up":[{"type":"gauge","help":"h","unit":""})";
  CHECK(world.answer(ask_metadata(form(""))) ==
        "{" + up + R"(,{"type":"gauge","help":"i","unit":""}],"x":[]})");
  CHECK(world.answer(ask_metadata(form("limit=1&limit_per_metric=1&metric=a%20b"))) ==
        "{" + up + "]}");
  CHECK(world.targets[0] == "a:9090/api/v1/metadata?limit=1&limit_per_metric=1&metric=a%20b");
}

TEST_CASE("what is not asked for rightly is refused") {
  CHECK(ask_series(form("")).error().what == "no match[] parameter provided");
  CHECK(ask_label_values("%ff", form("")).error().kind == ErrorKind::bad_request);
  CHECK(ask_label_values("", form("")).error().kind == ErrorKind::bad_request);
  CHECK(ask_metadata(form("limit=x")).error().kind == ErrorKind::bad_request);
}

TEST_CASE("a reply of another shape fails its replica") {
  World world;
  const Replicas replicas{world.members, world.replica_labels, {}};
  for (const char* text : {R"({"a":1})", "[1]", "\"a\"", "7"}) {
    CAPTURE(text);
    const Reply reply{boost::json::parse(text), {}};
    for (auto asked : {ask_label_names, ask_series, ask_metadata}) {
      auto question = asked(form("match[]=up"));
      const auto calls = (*question)->ask(replicas);
      const bool shapeless = (*question)->take(replicas, calls->front(), reply).has_error();
      CHECK(shapeless);
    }
  }
}

TEST_CASE("escaped names are those of Prometheus 3") {
  CHECK(unescaped_name("job") == "job");
  CHECK(unescaped_name("U__my_2e_label") == "my.label");
  CHECK(unescaped_name("U__a__b") == "a_b");
  CHECK(unescaped_name("U___4e2d_") == "\u4e2d");
  CHECK(unescaped_name("U__broken_2") == "U__broken_2");
  CHECK(unescaped_name("U___d800_") == "U___d800_");
}
