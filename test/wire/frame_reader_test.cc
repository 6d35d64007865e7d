#include "wire/frame_reader.h"

#include <string>

#include <doctest/doctest.h>

#include "wire/crc32c.h"

namespace prombraid::wire {
namespace {

std::string frame_of(const std::string& message) {
  char head[max_varint_bytes];
  std::string out(head, put_varint(head, message.size()));
  const std::uint32_t crc = crc32c(message);
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(crc >> shift);
  return out + message;
}

struct Outcome {
  std::vector<std::string> frames;
  std::optional<Error> error;
  bool at_boundary = true;
};

Outcome read(FrameReader& reader, std::initializer_list<std::string_view> pieces) {
  Outcome out;
  for (const std::string_view piece : pieces) {
    reader.feed(piece);
    for (;;) {
      auto frame = reader.next();
      if (frame.has_error()) {
        out.error = frame.error();
        out.at_boundary = reader.at_boundary();
        return out;
      }
      if (!*frame) break;
      out.frames.emplace_back((*frame)->begin(), (*frame)->end());
    }
  }
  out.at_boundary = reader.at_boundary();
  return out;
}

Outcome read(std::string_view bytes, std::size_t max = 1000) {
  FrameReader reader(max);
  return read(reader, {bytes});
}

TEST_CASE("two frames come out of one piece") {
  const Outcome out = read(frame_of("one") + frame_of("two"));
  CHECK(out.frames == std::vector<std::string>{"one", "two"});
  CHECK(out.at_boundary);
  CHECK_FALSE(out.error);
}

TEST_CASE("a buffer that is given back serves again, if it is not a large one") {
  const std::string stream = frame_of(std::string(900, 'x')) + frame_of("short");
  for (const std::size_t capacity : {std::size_t{1000}, FrameReader::most_kept + 1}) {
    FrameReader reader(1000);
    std::vector<char> buffer(5);
    buffer.reserve(capacity);
    const char* const memory = buffer.data();
    reader.reuse(std::move(buffer));
    reader.feed(stream);
    auto first = reader.next();
    REQUIRE((first.has_value() && first->has_value()));
    CHECK(std::string((*first)->begin(), (*first)->end()) == std::string(900, 'x'));
    CHECK(((*first)->data() == memory) == (capacity == 1000));
    reader.reuse(std::move(**first));
    auto second = reader.next();
    REQUIRE((second.has_value() && second->has_value()));
    CHECK(std::string((*second)->begin(), (*second)->end()) == "short");
  }
}

TEST_CASE("any two cuts of the stream give the same frames; only whole frames end cleanly") {
  const std::string stream = frame_of("one") + frame_of(std::string(200, 'x')) + frame_of("z");
  const std::vector<std::string> frames = {"one", std::string(200, 'x'), "z"};
  for (std::size_t i = 0; i <= stream.size(); ++i) {
    for (std::size_t j = i; j <= stream.size(); j += 7) {
      const std::string_view all = stream;
      FrameReader reader(1000);
      CHECK(read(reader, {all.substr(0, i), all.substr(i, j - i), all.substr(j)}).frames == frames);
    }
    const Outcome cut = read(stream.substr(0, i));
    CHECK_FALSE(cut.error);
    CHECK(cut.at_boundary == (i == 0 || i == 8 || i == 8 + 206 || i == stream.size()));
  }
}

TEST_CASE("the limit is inclusive, and is checked before the message comes") {
  CHECK(read(frame_of("123456789012"), 12).frames.size() == 1);
  const Outcome over = read("\x0c", 11);
  REQUIRE(over.error);
  CHECK(over.error->kind == ErrorKind::limit);
  CHECK(over.error->what.find("--replica.max-frame-bytes (11)") != std::string::npos);
  CHECK(read("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01").error->kind == ErrorKind::limit);
}

TEST_CASE("lengths that no server writes are refused") {
  for (const std::string& bad : {std::string(1, '\0'), std::string(10, '\x80'),
                                 std::string(11, '\xff'), std::string(9, '\xff') + '\x02'}) {
    const Outcome out = read(bad);
    REQUIRE(out.error);
    CHECK(out.error->kind == ErrorKind::corrupt);
    CHECK_FALSE(out.at_boundary);
  }
}

TEST_CASE("a single flipped bit behind the length is noticed, and the error stays") {
  const std::string good = frame_of("some message");
  for (std::size_t i = 1; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x10);
    FrameReader reader(1000);
    CHECK(read(reader, {bad}).error->kind == ErrorKind::corrupt);
    CHECK(read(reader, {good}).error->kind == ErrorKind::corrupt);
  }
}

TEST_CASE("error text that a server appends to its stream never passes for a clean end") {
  const Outcome out = read(frame_of("one") + "context canceled\n", 1 << 20);
  CHECK(out.frames.size() == 1);
  CHECK_FALSE(out.at_boundary);
}

}  // namespace
}  // namespace prombraid::wire
