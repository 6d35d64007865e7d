#include "replica/strand_joiner.h"

#include <string>

#include <doctest/doctest.h>

#include "replica/answers.h"
#include "replica/frame_tail.h"
#include "wire/frame_reader.h"

namespace prombraid::replica {
namespace {

using test::frame;
using test::frame_at;
using test::labels;

std::vector<char> message_of(const std::string& frame) {
  wire::FrameReader reader(1 << 20);
  reader.feed(frame);
  return std::move(**reader.next());
}

const Labels a = labels({{"__name__", "a"}});
const Labels b = labels({{"__name__", "b"}});

TEST_CASE("frames of one series are one strand") {
  StrandJoiner joiner({});
  REQUIRE(joiner.put(message_of(frame_at(a, 1000))).has_value());
  CHECK_FALSE(joiner.take());  // more of it may follow
  REQUIRE(joiner.put(message_of(frame_at(a, 2000))).has_value());
  CHECK_FALSE(joiner.take());
  REQUIRE(joiner.put(message_of(frame_at(b, 1000))).has_value());
  const auto first = joiner.take();
  REQUIRE(first.has_value());
  CHECK(first->strand.labels == a);
  REQUIRE(first->strand.chunks.size() == 2);
  CHECK(first->strand.chunks[1].min_time == 2000);
  CHECK(first->strand.chunks[1].data == test::one_sample(2000, 1));
  CHECK_FALSE(joiner.take());
  joiner.end();
  const auto second = joiner.take();
  REQUIRE(second.has_value());
  CHECK(second->strand.labels == b);
  CHECK_FALSE(joiner.take());
}

TEST_CASE("of a strand that is used again nothing but its memory is left") {
  StrandJoiner joiner({});
  REQUIRE(joiner.put(message_of(frame_at(a, 1000))).has_value());
  REQUIRE(joiner.put(message_of(frame_at(b, 1000))).has_value());
  auto first = joiner.take();
  REQUIRE(first.has_value());
  const Chunk* const memory = first->strand.chunks.data();
  joiner.reuse(std::move(first->strand));
  const Labels c = labels({{"__name__", "c"}});
  REQUIRE(joiner.put(message_of(frame_at(c, 3000))).has_value());
  REQUIRE(joiner.take().has_value());
  REQUIRE(joiner.put(message_of(frame_at(labels({{"__name__", "d"}}), 4000))).has_value());
  const auto third = joiner.take();
  REQUIRE(third.has_value());
  CHECK(third->strand.labels == c);
  REQUIRE(third->strand.chunks.size() == 1);
  CHECK(third->strand.chunks[0].min_time == 3000);
  CHECK(third->strand.buffers.size() == 1);
  joiner.end();
  const auto fourth = joiner.take();
  REQUIRE(fourth.has_value());
  CHECK(fourth->strand.chunks.at(0).min_time == 4000);
  CHECK(fourth->strand.chunks.data() == memory);
}

TEST_CASE("long labels do not stay in memory that is used again") {
  StrandJoiner joiner({});
  const Labels wide = labels({{"__name__", "a"}, {"wide", std::string(1 << 18, 'w')}});
  REQUIRE(joiner.put(message_of(frame_at(wide, 1000))).has_value());
  REQUIRE(joiner.put(message_of(frame_at(b, 1000))).has_value());
  auto first = joiner.take();
  REQUIRE(first.has_value());
  const char* const memory = first->strand.labels[0].name.data();
  joiner.reuse(std::move(first->strand));
  for (const char* name : {"c", "d"}) {
    REQUIRE(joiner.put(message_of(frame_at(labels({{"__name__", name}}), 1000))).has_value());
  }
  joiner.end();
  while (const auto next = joiner.take()) {
    CHECK(next->strand.labels[0].name.data() != memory);
  }
}

TEST_CASE("a series of the next query is another one") {
  StrandJoiner::Limits limits;
  limits.queries = 2;
  StrandJoiner joiner(limits);
  REQUIRE(joiner.put(message_of(frame_at(a, 1000, 0))).has_value());
  REQUIRE(joiner.put(message_of(frame_at(a, 1000, 1))).has_value());
  joiner.end();
  CHECK(joiner.take()->query_index == 0);
  CHECK(joiner.take()->query_index == 1);
}

TEST_CASE("frames that are refused") {
  StrandJoiner::Limits limits;
  limits.queries = 2;
  limits.max_series_bytes = 300;
  StrandJoiner joiner(limits);
  REQUIRE(joiner.put(message_of(frame_at(a, 1000, 1))).has_value());
  SUBCASE("query index out of range") {
    const auto put = joiner.put(message_of(frame_at(a, 1000, 2)));
    REQUIRE_FALSE(put.has_value());
    CHECK(put.error().kind == ErrorKind::corrupt);
  }
  SUBCASE("query index goes back") {
    const auto put = joiner.put(message_of(frame_at(a, 1000, 0)));
    REQUIRE_FALSE(put.has_value());
    CHECK(put.error().kind == ErrorKind::corrupt);
  }
  SUBCASE("encoding not known") {
    const auto put = joiner.put(message_of(frame(1, a, "\1\1abc", 0, 0, 7)));
    REQUIRE_FALSE(put.has_value());
    CHECK(put.error().kind == ErrorKind::unsupported);
  }
  SUBCASE("one series too long") {
    REQUIRE(joiner.put(message_of(frame_at(a, 2000, 1))).has_value());
    Result<void> put;
    for (int i = 0; i < 10 && put; ++i) put = joiner.put(message_of(frame_at(a, 3000, 1)));
    REQUIRE_FALSE(put.has_value());
    CHECK(put.error().kind == ErrorKind::limit);
  }
  SUBCASE("not a message") {
    const std::string garbage = "\x0a\xff\xff";
    CHECK_FALSE(joiner.put({garbage.begin(), garbage.end()}).has_value());
  }
}

TEST_CASE("what is behind the last frame, split at every byte") {
  const std::string frames = test::framed("abc") + test::framed(std::string(200, 'x'));
  const std::string bytes = frames + "the error";
  for (std::size_t at = 0; at <= bytes.size(); ++at) {
    wire::FrameReader reader(1000);
    FrameTail tail;
    for (const auto part :
         {std::string_view(bytes).substr(0, at), std::string_view(bytes).substr(at)}) {
      tail.piece(part);
      reader.feed(part);
      for (;;) {
        const auto frame = reader.next();
        if (!frame || !*frame) break;
        tail.message((*frame)->size());
      }
    }
    CHECK(tail.text() == "the error");
    CHECK(tail.size() == 9);
  }
}

TEST_CASE("what is behind the last frame outlives the piece it came in") {
  FrameTail tail;
  std::string piece = "the error";
  tail.piece(piece);
  tail.keep();
  piece.assign(piece.size(), '?');
  CHECK(tail.text() == "the error");
  CHECK(tail.size() == 9);
}

TEST_CASE("no more than 1 KiB is kept of what is behind the last frame") {
  FrameTail tail;
  const std::string piece(1000, 'x');
  for (int i = 0; i < 50; ++i) tail.piece(piece);
  CHECK(tail.text() == std::string(1024, 'x'));
  CHECK(tail.size() == 50000);
}

}  // namespace
}  // namespace prombraid::replica
