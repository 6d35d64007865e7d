#include <cmath>
#include <limits>

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include "api/compared.h"
#include "api/coverage_asked.h"
#include "api/coverage_json.h"
#include "merge/series_merger.h"
#include "merge/strands.h"

using namespace prombraid;
using namespace prombraid::api;

namespace {

constexpr TimeRange range{0, 100'000};

/// Two replicas: the first has a hole, the second lies once and is 5 s late.
struct World {
  explicit World(double lie = 2) {
    Labels::Builder builder;
    labels = builder.set("__name__", "up").set("job", "a\"b").build();
    std::vector<Sample> first;
    std::vector<Sample> second;
    for (Timestamp t = 0; t <= 100'000; t += 10'000) {
      if (t < 30'000 || t > 60'000) first.push_back({t, bits_of(1)});
      second.push_back({t + (t == 10'000 ? 0 : 5'000), bits_of(t == 10'000 ? lie : 1)});
    }
    strands.push_back(merge::strand_of(first, 120));
    strands.push_back(merge::strand_of(second, 120));
    ranked = {&strands[0], &strands[1]};
    merger.merge(ranked, range);
    interval = merger.interval();
    seen = merge::explain(ranked, range, interval, 10);
  }

  Covered covered() const {
    return {names, labels, range, ranked, merger.pieces(), merger.faults(), interval, seen};
  }

  std::vector<std::string> names{"a:1", "b:1"};
  Labels labels;
  std::vector<Strand> strands;
  std::vector<const Strand*> ranked;
  merge::SeriesMerger merger;
  merge::Span interval = 0;
  merge::Explanation seen;
};

}  // namespace

TEST_CASE("a covered series is a strip a replica and one of the answer") {
  const World world;
  const auto json = boost::json::parse(coverage_json(world.covered(), 0)).as_object();
  CHECK(json.at("labels").at("job") == "a\"b");
  CHECK(json.at("interval") == 10'000);
  const auto& replicas = json.at("replicas").as_array();
  REQUIRE(replicas.size() == 2);
  const auto& strip = replicas[0].at("strip").as_array();
  REQUIRE(strip.size() == 3);
  CHECK(strip[1].at("state") == "hole");
  CHECK(strip[1].at("from") == 20'000);
  CHECK(strip[1].at("to") == 70'000);
  const auto& braid = json.at("braid").as_array();
  REQUIRE(braid.size() >= 2);
  CHECK(braid[0].at("replica") == 0);
  CHECK(braid[1].at("replica") == 1);
  CHECK(braid[1].at("why") == "hole");
  CHECK(json.at("conflicts").at("count") == 1);
  CHECK(json.at("conflicts").at("first").at(0).at("values").at(1) == "2");
}

TEST_CASE("samples are listed up to the number that is asked for") {
  const World world;
  const auto json = boost::json::parse(coverage_json(world.covered(), 3)).as_object();
  const auto& values = json.at("replicas").at(1).at("values").as_array();
  REQUIRE(values.size() == 3);
  CHECK(values[1].at(0) == 10'000);
  CHECK(values[1].at(1) == "2");
}

TEST_CASE("what is asked for has defaults and bounds") {
  const auto asked = coverage_asked(*Form::parse("match[]=up"), 7'200'000);
  REQUIRE(asked.has_value());
  CHECK(asked->request.queries.front().range == TimeRange{3'600'000, 7'200'000});
  CHECK(asked->limit == 20);
  for (const char* query : {"", "match[]=up&match[]=x", "match[]=up{", "match[]=up&limit=201",
                            "match[]=up&samples=-1", "match[]=up&start=2&end=1"}) {
    CAPTURE(query);
    CHECK(coverage_asked(*Form::parse(query), 0).error().kind == ErrorKind::bad_request);
  }
}

TEST_CASE("replicas are compared in words") {
  const World world;
  Comparison comparison;
  const std::string text = comparison.add(world.covered());
  CHECK(text.find("a:1: 7 samples\n    a hole from 1970-01-01T00:00:20.000Z") != text.npos);
  CHECK(text.find("b:1: 10 samples, 5s after those of the first") != text.npos);
  CHECK(text.find("a:1 says 1, b:1 says 2") != text.npos);
  CHECK(comparison.differs());
  CHECK(comparison.summary().starts_with("1 series compared, 1 differ: 1 holes, 0 times"));
}

TEST_CASE("what is no finite number is written as PromQL writes it") {
  const double infinity = std::numeric_limits<double>::infinity();
  const auto said = [](double lie) { return Comparison().add(World(lie).covered()); };
  CHECK(said(infinity).find("a:1 says 1, b:1 says +Inf") != std::string::npos);
  CHECK(said(-infinity).find("a:1 says 1, b:1 says -Inf") != std::string::npos);
  CHECK(said(std::nan("")).find("a:1 says 1, b:1 says NaN") != std::string::npos);
  CHECK(coverage_json(World(-infinity).covered(), 0).find(R"(["1","-Inf"])") != std::string::npos);
}
