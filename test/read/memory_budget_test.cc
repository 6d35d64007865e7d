#include "read/memory_budget.h"

#include <doctest/doctest.h>

namespace prombraid::read {
namespace {

TEST_CASE("what is held is counted, and given back") {
  MemoryBudget budget(100);
  {
    Held first(budget);
    Held second(budget);
    CHECK(first.resize(60));
    CHECK_FALSE(second.resize(50));
    CHECK(second.bytes() == 0);
    CHECK(second.resize(40));
    CHECK(first.resize(10));
    CHECK(second.resize(90));
    CHECK(budget.used() == 100);
  }
  CHECK(budget.used() == 0);
}

TEST_CASE("a move takes what is held along") {
  MemoryBudget budget(100);
  Held first(budget);
  REQUIRE(first.resize(30));
  const Held second(std::move(first));
  CHECK(second.bytes() == 30);
  CHECK(budget.used() == 30);
}

}  // namespace
}  // namespace prombraid::read
