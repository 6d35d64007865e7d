#include "log/seldom.h"

#include <doctest/doctest.h>

namespace prombraid::log {
namespace {

using namespace std::chrono_literals;

TEST_CASE("once per key per interval") {
  Seldom seldom(1min);
  const Seldom::Time t0{};
  CHECK(seldom.due("a", t0));
  CHECK_FALSE(seldom.due("a", t0 + 59s));
  CHECK(seldom.due("b", t0 + 59s));
  CHECK(seldom.due("a", t0 + 60s));
  CHECK_FALSE(seldom.due("a", t0 + 61s));
}

TEST_CASE("it forgets what is over, and stays within its size") {
  Seldom seldom(1min, 2);
  const Seldom::Time t0{};
  CHECK(seldom.due("a", t0));
  CHECK(seldom.due("b", t0 + 30s));
  CHECK_FALSE(seldom.due("c", t0 + 40s));
  CHECK(seldom.due("c", t0 + 60s));
  CHECK_FALSE(seldom.due("b", t0 + 61s));
}

}  // namespace
}  // namespace prombraid::log
