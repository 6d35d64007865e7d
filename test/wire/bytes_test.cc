#include "wire/bytes.h"

#include <string>
#include <utility>

#include <doctest/doctest.h>

namespace prombraid::wire {
namespace {

TEST_CASE("bytes grow and keep what they hold") {
  Bytes bytes;
  std::string expected;
  for (int i = 0; i < 100; ++i) {
    const std::string more(static_cast<std::size_t>(i), static_cast<char>('a' + i % 26));
    bytes.append(more);
    expected += more;
  }
  CHECK(bytes.view() == expected);
}

TEST_CASE("bytes that were moved from are empty, and can be filled again") {
  Bytes from;
  from.append("first");
  Bytes to = std::move(from);
  CHECK(to.view() == "first");
  from.append("second");
  CHECK(from.view() == "second");
  to = std::move(from);
  CHECK(to.view() == "second");
  CHECK(from.capacity() == 0);
}

}  // namespace
}  // namespace prombraid::wire
