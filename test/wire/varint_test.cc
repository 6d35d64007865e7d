#include "wire/varint.h"

#include <limits>
#include <string>

#include <doctest/doctest.h>

namespace prombraid::wire {
namespace {

std::string written(std::uint64_t value) {
  char room[max_varint_bytes];
  return {room, put_varint(room, value)};
}

TEST_CASE("300 is two bytes, as in Protobuf's own example") {
  CHECK(written(300) == "\xac\x02");
}

TEST_CASE("every width is written in the size foretold and read back") {
  for (unsigned bits = 0; bits <= 64; ++bits) {
    const std::uint64_t top = bits == 64 ? ~0ULL : (1ULL << bits) - 1;
    for (const std::uint64_t value : {top, top + 1, top / 2}) {
      const std::string bytes = written(value);
      CHECK(bytes.size() == varint_size(value));
      std::uint64_t read = 1;
      const char* const end = bytes.data() + bytes.size();
      CHECK(get_varint(bytes.data(), end, read) == end);
      CHECK(read == value);
      CHECK(get_varint(bytes.data(), end - 1, read) == nullptr);
      for (const char behind : {'\0', '\x7f', '\xff'}) {
        const std::string longer = bytes + std::string(8, behind);
        const char* const last = longer.data() + longer.size();
        CHECK(get_varint(longer.data(), last, read) == longer.data() + bytes.size());
        CHECK(read == value);
      }
    }
  }
}

TEST_CASE("what passes 64 bits is refused, what is padded within ten bytes is not") {
  std::uint64_t read = 0;
  const auto end_of = [&](const std::string& bytes) {
    const char* const end = get_varint(bytes.data(), bytes.data() + bytes.size(), read);
    return end == nullptr ? -1 : end - bytes.data();
  };
  CHECK(end_of(std::string(9, '\xff') + '\x01') == 10);
  CHECK(read == std::numeric_limits<std::uint64_t>::max());
  CHECK(end_of(std::string(9, '\xff') + '\x02') == -1);
  CHECK(end_of(std::string(10, '\x80') + '\x00') == -1);
  CHECK(end_of(std::string("\x81\x80\x00", 3)) == 3);
  CHECK(read == 1);
}

TEST_CASE("zigzag keeps small negative numbers small") {
  CHECK(zigzag(0) == 0);
  CHECK(zigzag(-1) == 1);
  CHECK(zigzag(1) == 2);
  for (const std::int64_t value : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-2},
                                   std::numeric_limits<std::int64_t>::max()}) {
    CHECK(unzigzag(zigzag(value)) == value);
  }
}

}  // namespace
}  // namespace prombraid::wire
