#include "query/final_order.h"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

namespace prombraid::query {
namespace {

/// "ab" is {a="1", b="1"}.
Labels make(const std::string& names) {
  Labels::Builder builder;
  for (const char name : names) builder.set(std::string(1, name), "1");
  return builder.build();
}

std::string names_of(const Labels& labels) {
  std::string out;
  for (const Label label : labels) out += label.name;
  return out;
}

std::vector<std::string> through(const std::vector<std::string>& arriving,
                                 const std::string& external) {
  const Labels added = make(external);
  FinalOrder order(&added);
  std::vector<std::string> out;
  const auto drain = [&] {
    while (auto strand = order.pop()) out.push_back(names_of(strand->labels));
  };
  for (const std::string& names : arriving) {
    Strand strand;
    strand.labels = make(names + external);
    order.push(std::move(strand));
    drain();
  }
  order.end();
  drain();
  return out;
}

using Names = std::vector<std::string>;

TEST_CASE("a series waits for those that begin with it") {
  CHECK(through({"a", "ab", "az"}, "c") == Names{"abc", "ac", "acz"});
}

TEST_CASE("without external labels nothing changes its place") {
  CHECK(through({"a", "ab", "abc", "b"}, "") == Names{"a", "ab", "abc", "b"});
}

TEST_CASE("every set of series over five names and every external labels come out sorted") {
  std::vector<std::string> all;
  for (unsigned bits = 0; bits < 16; ++bits) {
    std::string names;
    for (unsigned i = 0; i < 4; ++i) {
      if (bits >> i & 1) names += "adgj"[i];
    }
    all.push_back(names);
  }
  const auto by_labels = [](const std::string& x, const std::string& y) {
    return compare(make(x), make(y)) < 0;
  };
  std::sort(all.begin(), all.end(), by_labels);
  for (const char* external : {"", "b", "e", "h", "k", "bh", "ek", "behk"}) {
    for (unsigned chosen = 0; chosen < 1u << all.size(); chosen += 7) {
      Names arriving;
      for (unsigned i = 0; i < all.size(); ++i) {
        if (chosen >> i & 1) arriving.push_back(all[i]);
      }
      const Names out = through(arriving, external);
      REQUIRE(out.size() == arriving.size());
      REQUIRE(std::is_sorted(out.begin(), out.end(), by_labels));
    }
  }
}

TEST_CASE("a series is handed on as soon as the next one does not begin with it") {
  const Labels external = make("c");
  FinalOrder order(&external);
  Strand first;
  first.labels = make("ac");
  order.push(std::move(first));
  CHECK_FALSE(order.pop());
  Strand second;
  second.labels = make("bc");
  order.push(std::move(second));
  CHECK(order.pop());
  CHECK_FALSE(order.pop());
}

}  // namespace
}  // namespace prombraid::query
