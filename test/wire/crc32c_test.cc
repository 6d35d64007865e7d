#include "wire/crc32c.h"

#include <string>

#include <doctest/doctest.h>

namespace prombraid::wire {
namespace {

std::string ramp(int first, int step) {
  std::string out;
  for (int i = 0; i < 32; ++i) out += static_cast<char>(first + i * step);
  return out;
}

TEST_CASE("the vectors of RFC 3720, B.4, by every path") {
  for (const Crc32cPath& path : crc32c_paths()) {
    CAPTURE(path.name);
    CHECK(path.extend(0, std::string(32, '\0')) == 0x8a9136aa);
    CHECK(path.extend(0, std::string(32, '\xff')) == 0x62a8ab43);
    CHECK(path.extend(0, ramp(0, 1)) == 0x46dd794e);
    CHECK(path.extend(0, ramp(31, -1)) == 0x113fdb5c);
    CHECK(path.extend(0, "123456789") == 0xe3069283);
  }
}

TEST_CASE("all paths agree for every length, place and split") {
  std::string bytes;
  for (unsigned i = 0; i < 300; ++i) bytes += static_cast<char>(i * 2654435761U >> 24);
  const std::string_view all = bytes;
  for (std::size_t length = 0; length < 70; ++length) {
    for (std::size_t begin = 0; begin < 9; ++begin) {
      const std::string_view part = all.substr(begin, length);
      const std::uint32_t whole = crc32c(part);
      for (const Crc32cPath& path : crc32c_paths()) {
        CHECK(path.extend(0, part) == whole);
        CHECK(path.extend(path.extend(0, part.substr(0, length / 3)), part.substr(length / 3)) ==
              whole);
      }
    }
  }
}

TEST_CASE("all paths agree where several stripes or lines are made at once") {
  std::string bytes;
  for (unsigned i = 0; i < 4000; ++i) bytes += static_cast<char>(i * 2654435761U >> 24);
  for (std::size_t length = 200; length < 4000; length += length < 1000 ? 1 : 97) {
    const std::string_view part = std::string_view(bytes).substr(length % 7, length - 7);
    for (const Crc32cPath& path : crc32c_paths()) {
      CAPTURE(path.name);
      CAPTURE(length);
      CHECK(path.extend(17, part) == crc32c_paths()[0].extend(17, part));
    }
  }
}

}  // namespace
}  // namespace prombraid::wire
