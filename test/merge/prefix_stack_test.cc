#include "merge/prefix_stack.h"

#include <string>

#include <doctest/doctest.h>

namespace prombraid::merge {
namespace {

using Stack = PrefixStack<int>;

/// All sets of the labels b="1", b="2", d="1", f="1".
std::vector<Labels> all_sets() {
  std::vector<Labels> sets;
  for (int b = 0; b < 3; ++b) {
    for (int bits = 0; bits < 4; ++bits) {
      Labels::Builder builder;
      if (b > 0) builder.set("b", std::to_string(b));
      if (bits & 1) builder.set("d", "1");
      if (bits & 2) builder.set("f", "1");
      sets.push_back(builder.build());
    }
  }
  std::sort(sets.begin(), sets.end(),
            [](const Labels& x, const Labels& y) { return compare(x, y) < 0; });
  return sets;
}

Labels with(const Labels& labels, const char* name) {
  Labels::Builder builder;
  for (const Label label : labels) builder.set(label.name, label.value);
  return builder.set(name, "1").build();
}

TEST_CASE("whatever series there are and wherever the external label sorts, the order is right") {
  const auto sets = all_sets();
  for (const char* external : {"a", "c", "e", "g"}) {
    for (unsigned chosen = 0; chosen < 1u << sets.size(); ++chosen) {
      Stack stack;
      std::vector<Labels> left;
      std::size_t given = 0;
      const auto leave = [&](Stack::Item&& item) { left.push_back(std::move(item.final)); };
      for (std::size_t i = 0; i < sets.size(); ++i) {
        if ((chosen >> i & 1) == 0) continue;
        stack.push({sets[i], with(sets[i], external), 0}, leave);
        REQUIRE(stack.waiting() <= 4);
        ++given;
      }
      stack.finish(leave);
      REQUIRE(left.size() == given);
      for (std::size_t i = 1; i < left.size(); ++i) REQUIRE(compare(left[i - 1], left[i]) < 0);
    }
  }
}

TEST_CASE("nothing waits where no series is a prefix of the next") {
  Stack stack;
  int out = 0;
  const auto leave = [&](Stack::Item&&) { ++out; };
  for (const char* value : {"1", "2", "3"}) {
    Labels::Builder builder;
    const Labels own = builder.set("b", value).build();
    stack.push({own, with(own, "a"), 0}, leave);
    CHECK(stack.waiting() == 1);
  }
  CHECK(out == 2);
}

}  // namespace
}  // namespace prombraid::merge
