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
  CHECK(seen.presences == std::vector<Presence>{{0, 4, 1, 0, 90}, {2, 3, 1, 0, 30}});
  CHECK(seen.disagreements == std::vector<Disagreement>{{15, 0, 2, false, 2, 7}});
  CHECK(seen.disagreed == 1);
  const std::vector<Hole> later = {{2, first_time, last_time, false}};
  CHECK(explain(ranked, {61, 1000}, 15).holes == later);
}

TEST_CASE("who begins late or ends early has a hole there") {
  std::vector<Strand> strands;
  strands.push_back(strand_of({{0, 1}, {15, 1}, {30, 1}, {45, 1}, {60, 1}}, 120));
  strands.push_back(strand_of({{24, 1}, {38, 1}, {50, 1}}, 120));
  strands.push_back(strand_of({{20, 1}, {35, 1}}, 120));
  const Strand* ranked[] = {&strands[0], &strands[1], &strands[2]};
  const std::vector<Hole> holes = {{1, first_time, 24, false}, {2, 35, last_time, false}};
  CHECK(explain(ranked, {0, 1000}, 15).holes == holes);
}

TEST_CASE("all disagreements are counted and the first kept") {
  std::vector<Strand> strands;
  strands.push_back(strand_of({{0, 1}, {1, 1}, {2, 1}, {3, 1}}, 2));
  strands.push_back(strand_of({{0, 2}, {1, 2}, {2, 1}, {3, stale_marker}}, 3));
  const Strand* ranked[] = {&strands[0], &strands[1]};
  const Explanation seen = explain(ranked, {0, 1000}, 1, 2);
  CHECK(seen.disagreed == 3);
  CHECK(seen.disagreements ==
        std::vector<Disagreement>{{0, 0, 1, false, 1, 2}, {1, 0, 1, false, 1, 2}});
  CHECK(explain_bytes(ranked) > 8 * sizeof(Sample));
}

}  // namespace
}  // namespace prombraid::merge
