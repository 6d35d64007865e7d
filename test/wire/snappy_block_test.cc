#include "wire/snappy_block.h"

#include <string>

#include <doctest/doctest.h>

#include "wire/oracle.h"

namespace prombraid::wire {
namespace {

TEST_CASE("a block is uncompressed") {
  const auto out =
      uncompress_block(compressed("hello hello hello"), 100, "cap", ErrorKind::corrupt);
  REQUIRE(out.has_value());
  CHECK(out->view() == "hello hello hello");
  CHECK(uncompress_block(compressed(""), 0, "cap", ErrorKind::corrupt)->empty());
}

TEST_CASE("bombs are refused before anything is allocated") {
  const std::string four_gib = std::string("\xff\xff\xff\xff\x0f") +
                               "\x04"
                               "aaaa";
  const auto bomb =
      uncompress_block(four_gib, 32 << 20, "--limits.request-bytes", ErrorKind::bad_request);
  REQUIRE(bomb.has_error());
  CHECK(bomb.error().kind == ErrorKind::limit);
  CHECK(bomb.error().what.find("--limits.request-bytes") != std::string::npos);

  const auto wide_cap = uncompress_block(four_gib, 1ULL << 40, "cap", ErrorKind::corrupt);
  REQUIRE(wide_cap.has_error());
  CHECK(wide_cap.error().kind == ErrorKind::corrupt);
  CHECK(wide_cap.error().what.find("cannot hold") != std::string::npos);

  const std::string real = compressed(std::string(33 << 20, 'a'));
  CHECK(uncompress_block(real, 32 << 20, "cap", ErrorKind::corrupt).error().kind ==
        ErrorKind::limit);
  CHECK(uncompress_block(real, 33 << 20, "cap", ErrorKind::corrupt)->size() == 33 << 20);
}

TEST_CASE("what is not snappy is the fault it is said to be") {
  for (const std::string& bad : {std::string(), std::string("\x80"), std::string("\x05\x00", 2)}) {
    const auto out = uncompress_block(bad, 100, "cap", ErrorKind::bad_request);
    REQUIRE(out.has_error());
    CHECK(out.error().kind == ErrorKind::bad_request);
  }
}

TEST_CASE("pieces and gaps make one block of bounded buffers") {
  SnappyBlockWriter writer;
  std::string expected = "<head>";
  const std::size_t head = writer.open_gap();
  std::uint32_t noise = 1;
  for (int i = 0; i < 5000; ++i) {
    std::string piece(static_cast<std::size_t>(i) % 501, static_cast<char>('a' + i % 26));
    for (char& c : piece) c = static_cast<char>(c + ((noise = noise * 1664525 + 1013904223) >> 30));
    writer.write(piece);
    expected += piece;
  }
  const std::size_t tail = writer.open_gap();
  writer.write("end");
  writer.fill_gap(head, "<head>");
  writer.fill_gap(tail, std::string(60, 't'));
  expected += std::string(60, 't') + "end";
  CHECK(writer.uncompressed_bytes() == expected.size());
  const BufferList list = writer.finish();
  CHECK(uncompressed(joined(list)) == expected);
  CHECK(list.bytes == joined(list).size());
  CHECK(list.bytes < expected.size() * 3 / 4);
  for (const std::string& buffer : list.buffers) CHECK(buffer.size() <= 256 << 10);
}

TEST_CASE("nothing written is an empty block") {
  CHECK(joined(SnappyBlockWriter().finish()) == std::string(1, '\0'));
}

}  // namespace
}  // namespace prombraid::wire
