#include "merge/explain.h"

#include <doctest/doctest.h>

#include "strands.h"

namespace prombraid::merge {
namespace {

TEST_CASE("holes, marked or not, and values that differ at one time") {
  std::vector<Strand> strands;
  strands.push_back(strand_of({{0, 1}, {15, 2}, {60, 3}, {75, stale_marker}, {90, 4}}, 120));
  strands.push_back(strand_of({{0, 1}, {15, 7}, {30, 2}, {45, stale_marker}}, 2));
  const Strand* ranked[] = {&strands[0], nullptr, &strands[1]};
  const Explanation seen = explain(ranked, {0, 1000}, 15);
  const std::vector<Hole> holes = {{0, 15, 60, false}, {0, 60, 90, true}, {2, 30, last_time, true}};
  CHECK(seen.holes == holes);
  CHECK(seen.disagreements == std::vector<Disagreement>{{15, 0, 2}});
  CHECK(explain(ranked, {61, 1000}, 15).holes.empty());
}

}  // namespace
}  // namespace prombraid::merge
