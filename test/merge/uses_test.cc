#include "merge/uses.h"

#include <doctest/doctest.h>

#include "merge/series_merger.h"
#include "strands.h"

namespace prombraid::merge {
namespace {

constexpr Timestamp s = 1000;

std::vector<Use> uses(const std::vector<Strand>& strands, TimeRange range) {
  std::vector<const Strand*> ranked;
  for (const Strand& strand : strands) ranked.push_back(&strand);
  SeriesMerger merger;
  merger.merge(ranked, range);
  return uses_of(merger.pieces(), explain(ranked, range, merger.interval()));
}

/// A sample every 15 s from `from` to `to`, both inside.
void scrape(std::vector<Sample>& samples, Timestamp from, Timestamp to) {
  for (Timestamp t = from; t <= to; t += 15 * s) samples.push_back({t, bits_of(1)});
}

TEST_CASE("a hole is filled until an epoch begins with the better replica well") {
  std::vector<Sample> a;
  scrape(a, 0, 300 * s);
  scrape(a, 360 * s, 1200 * s);
  std::vector<Sample> b;
  scrape(b, 7 * s, 1200 * s);
  std::vector<Strand> strands;
  strands.push_back(strand_of(a, 120));
  strands.push_back(strand_of(b, 120));
  const std::vector<Use> found = uses(strands, {0, 1200 * s});
  REQUIRE(found.size() == 3);
  CHECK(found[0] == Use{0, 0, 300 * s, 21, Reason::leader, Why::best, {}});
  CHECK(found[1].strand == 1);
  CHECK(found[1].reason == Reason::filled);
  CHECK(found[1].why == Why::hole);
  CHECK(found[1].hole == Hole{0, 300 * s, 360 * s, false});
  CHECK(found[2].strand == 0);
  CHECK(found[2].why == Why::best);
  CHECK(found[2].to == 1200 * s);
}

TEST_CASE("who is left before a hole begins is left for that hole") {
  std::vector<Sample> a;
  scrape(a, 0, 300 * s);
  scrape(a, 360 * s, 600 * s);
  std::vector<Sample> b;
  scrape(b, 300 * s, 300 * s);
  scrape(b, 307 * s, 600 * s);
  std::vector<Strand> strands;
  strands.push_back(strand_of(a, 120));
  strands.push_back(strand_of(b, 120));
  const std::vector<Use> found = uses(strands, {0, 600 * s});
  REQUIRE(found.size() >= 2);
  CHECK(found[0].to == 285 * s);
  CHECK(found[1].why == Why::hole);
  CHECK(found[1].hole == Hole{0, 300 * s, 360 * s, false});
}

TEST_CASE("the first use is explained by the hole of whoever ranks better") {
  std::vector<Sample> a;
  scrape(a, 600 * s, 1200 * s);
  std::vector<Sample> b;
  scrape(b, 7 * s, 1200 * s);
  std::vector<Strand> strands;
  strands.push_back(strand_of(a, 120));
  strands.push_back(strand_of(b, 120));
  const std::vector<Use> found = uses(strands, {0, 1200 * s});
  REQUIRE(!found.empty());
  CHECK(found[0].strand == 1);
  CHECK(found[0].why == Why::hole);
  CHECK(found[0].hole == Hole{0, first_time, 600 * s, false});
}

TEST_CASE("nothing taken is no use") {
  CHECK(uses_of({}, {}).empty());
}

}  // namespace
}  // namespace prombraid::merge
