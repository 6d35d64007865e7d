#include "api/strip.h"

#include <doctest/doctest.h>

using namespace prombraid;
using api::Presence;
using api::strip_of;
using Parts = std::vector<api::StripPart>;

namespace {

constexpr TimeRange range{0, 1000};

merge::Explanation seen(std::vector<merge::Hole> holes, std::uint64_t samples = 10) {
  merge::Explanation out;
  out.presences.push_back({.strand = 0, .samples = samples, .first = 0, .last = 1000});
  out.holes = std::move(holes);
  return out;
}

}  // namespace

TEST_CASE("a replica without a hole is one live part") {
  const bool live = strip_of(0, seen({}), range) == Parts{{0, 1000, Presence::live}};
  CHECK(live);
}

TEST_CASE("holes divide a strip") {
  struct Case {
    const char* title;
    std::vector<merge::Hole> holes;
    Parts parts;
  };
  using merge::first_time;
  using merge::last_time;
  for (const Case& c : {
           Case{
               "in the middle",
               {{0, 200, 300, false}},
               {{0, 200, Presence::live}, {200, 300, Presence::hole}, {300, 1000, Presence::live}}},
           Case{"begun by a marker",
                {{0, 200, 300, true}},
                {{0, 200, Presence::live},
                 {200, 300, Presence::stale},
                 {300, 1000, Presence::live}}},
           Case{
               "at both ends",
               {{0, first_time, 100, false}, {0, 900, last_time, false}},
               {{0, 100, Presence::hole}, {100, 900, Presence::live}, {900, 1000, Presence::hole}}},
           Case{"of another replica", {{1, 200, 300, false}}, {{0, 1000, Presence::live}}},
       }) {
    CAPTURE(c.title);
    const Parts got = strip_of(0, seen(c.holes), range);
    CHECK(got.size() == c.parts.size());
    const bool same = got == c.parts;
    CHECK(same);
  }
}

TEST_CASE("a replica that has nothing is one hole") {
  const bool empty = strip_of(0, seen({}, 0), range) == Parts{{0, 1000, Presence::hole}};
  CHECK(empty);
  const bool unknown = strip_of(7, seen({}), range) == Parts{{0, 1000, Presence::hole}};
  CHECK(unknown);
}
