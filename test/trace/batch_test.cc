#include "trace/batch.h"

#include <doctest/doctest.h>

namespace prombraid::trace {
namespace {

std::vector<Span> spans(int from, int to) {
  std::vector<Span> out;
  for (int i = from; i < to; ++i) out.emplace_back().name = std::to_string(i);
  return out;
}

TEST_CASE("what was added first is taken first") {
  Batch batch(10);
  CHECK(batch.add(spans(0, 3)) == 0);
  CHECK(batch.add(spans(3, 5)) == 0);
  const auto first = batch.take(4);
  REQUIRE(first.size() == 4);
  CHECK(first.front().name == "0");
  CHECK(first.back().name == "3");
  CHECK(batch.take(4).size() == 1);
  CHECK(batch.take(4).empty());
}

TEST_CASE("what does not fit is dropped and counted") {
  Batch batch(4);
  CHECK(batch.add(spans(0, 3)) == 0);
  CHECK(batch.add(spans(3, 6)) == 2);
  CHECK(batch.add(spans(6, 7)) == 1);
  CHECK(batch.size() == 4);
  CHECK(batch.take(9).back().name == "3");
  CHECK(batch.add(spans(7, 11)) == 0);
}

}  // namespace
}  // namespace prombraid::trace
