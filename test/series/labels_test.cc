#include "series/labels.h"

#include <algorithm>

#include <doctest/doctest.h>

namespace prombraid {
namespace {

Labels make(std::initializer_list<std::pair<const char*, const char*>> pairs) {
  Labels::Builder builder;
  for (const auto& [name, value] : pairs) builder.set(name, value);
  return builder.build();
}

TEST_CASE("labels come out sorted, without empty values, the last of a name winning") {
  const Labels labels = make({{"job", "x"}, {"a", "1"}, {"gone", ""}, {"job", "y"}});
  CHECK(to_string(labels) == R"({a="1", job="y"})");
  CHECK(labels.get("job") == "y");
  CHECK(labels.get("gone").empty());
  CHECK(labels == make({{"job", "y"}, {"a", "1"}}));
}

TEST_CASE("labels that are sorted already come out the same by the fast way") {
  const Label sorted[] = {{"a", "1"}, {"gone", ""}, {"job", "y"}};
  CHECK(Labels::from_sorted(sorted) == make({{"a", "1"}, {"job", "y"}}));
  CHECK(Labels::from_sorted({}).empty());
}

TEST_CASE("a set is made from another that begins as it does") {
  const Labels whole = make({{"a", "1"}, {"b", "2"}, {"c", "3"}});
  for (std::size_t kept = 0; kept <= whole.size(); ++kept) {
    Labels next = whole;
    next.keep_first(kept);
    CHECK(next.size() == kept);
    for (std::size_t i = kept; i < whole.size(); ++i) next.append(whole[i]);
    CHECK(next == whole);
    CHECK(next.text_bytes() == 6);
  }
}

TEST_CASE("what is dropped leaves the set that never had it") {
  const std::vector<std::string> names = {"a", "bb", "ccc", "dd", "e"};
  for (unsigned dropped = 0; dropped < 1u << names.size(); ++dropped) {
    Labels::Builder all, rest;
    for (std::size_t i = 0; i < names.size(); ++i) {
      all.set(names[i], "value of " + names[i]);
      if ((dropped >> i & 1) == 0) rest.set(names[i], "value of " + names[i]);
    }
    Labels labels = all.build();
    std::size_t i = 0;
    labels.drop_if([&](Label label) {
      CHECK(label.value == "value of " + names[i]);
      return (dropped >> i++ & 1) != 0;
    });
    CHECK(labels == rest.build());
  }
}

TEST_CASE("order is Prometheus's: pair by pair, a prefix before what it begins") {
  const Labels sorted[] = {
      make({}),
      make({{"a", "1"}}),
      make({{"a", "1"}, {"b", "1"}}),
      make({{"a", "1"}, {"z", "1"}}),
      make({{"a", "2"}}),
      make({{"aa", "1"}}),
  };
  for (const Labels& a : sorted) {
    for (const Labels& b : sorted) CHECK((compare(a, b) <=> 0) == (&a <=> &b));
  }
}

TEST_CASE("shared labels are counted as a label by label comparison counts them") {
  // Lengths about eight, where the words that are compared end; bytes equal across a label's end.
  const std::vector<Labels> all = {
      make({}),
      make({{"a", "1"}}),
      make({{"a", "1"}, {"b", "2"}}),
      make({{"a", "12"}, {"b", "2"}}),
      make({{"a1", "b"}, {"b", "2"}}),
      make({{"name", "value"}, {"other", "value"}}),
      make({{"name", "valueo"}, {"ther", "value"}}),
      make({{"name", "value"}, {"other", "values"}}),
      make({{"name", "value"}, {"other", "value"}, {"p", "q"}}),
  };
  for (const Labels& a : all) {
    for (const Labels& b : all) {
      std::size_t same = 0;
      while (same < std::min(a.size(), b.size()) && a[same] == b[same]) ++same;
      CHECK(a.shared_with(b) == same);
    }
  }
}

TEST_CASE("bytes above 127 sort after ASCII, as in Go") {
  CHECK(compare(make({{"a", "z"}}), make({{"a", "\xc3\xa9"}})) < 0);
}

TEST_CASE("only a prefix pair can change its order when a label is added to both") {
  const Labels shorter = make({{"a", "1"}});
  const Labels longer = make({{"a", "1"}, {"b", "1"}});
  CHECK(is_proper_prefix(shorter, longer));
  CHECK_FALSE(is_proper_prefix(longer, shorter));
  CHECK_FALSE(is_proper_prefix(longer, longer));
  CHECK(compare(make({{"a", "1"}, {"c", "9"}}), make({{"a", "1"}, {"b", "1"}, {"c", "9"}})) > 0);
}

TEST_CASE("text escapes what a selector must escape") {
  CHECK(to_string(make({{"a", "q\"b\\n\n"}})) == "{a=\"q\\\"b\\\\n\\n\"}");
}

}  // namespace
}  // namespace prombraid
