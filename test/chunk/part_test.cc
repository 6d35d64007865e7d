#include "chunk/part.h"

#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "chunk/decode.h"
#include "chunk/float_encoder.h"
#include "chunk/xor_cursor.h"

namespace prombraid::chunk {
namespace {

using Samples = std::vector<std::pair<Timestamp, DoubleBits>>;

constexpr std::size_t count = 40;

EncodedChunk example() {
  FloatEncoder encoder;
  for (std::size_t i = 0; i < count; ++i) {
    const auto n = static_cast<Timestamp>(i);
    const Timestamp late = i % 7 == 0 ? 3 : 0;
    const double v = i % 5 == 0 ? 0.1 : static_cast<double>(i * i);
    encoder.append(1'795'132'815'000 + n * 15'000 + late, i == 30 ? stale_marker : bits_of(v));
  }
  return encoder.finish();
}

CutPlace place_of(const Chunk& chunk, std::size_t first) {
  XorCursor cursor(chunk.data);
  NoRows rows;
  REQUIRE(cursor.advance(0, first + 1, rows) == first + 1);
  return {first, cursor.state(), {}};
}

Result<Samples> read(const Chunk& chunk, std::size_t first, std::size_t number,
                     const KnownPlaces& places) {
  Samples got;
  const auto take = [&](Timestamp t, DoubleBits v) { got.emplace_back(t, v); };
  if (auto done = read_part(chunk, first, number, places, take); !done) return done.error();
  return got;
}

TEST_CASE("every part is what the whole chunk has there") {
  const EncodedChunk encoded = example();
  DecodedChunk all;
  REQUIRE(decode(encoded.chunk, all).has_value());
  for (std::size_t first = 0; first < count; ++first) {
    const CutPlace place = place_of(encoded.chunk, first);
    KnownPlaces places;
    if (first > 0) places.begin = &place;
    CHECK(is_near(encoded.chunk, first, places));
    for (std::size_t number = 0; first + number <= count; ++number) {
      Samples expected;
      for (std::size_t i = first; i < first + number; ++i) {
        expected.emplace_back(all.times[i], all.values[i]);
      }
      const auto got = read(encoded.chunk, first, number, places);
      CHECK((got.has_value() && *got == expected));
    }
  }
}

TEST_CASE("what is not known, or coded in another way, is not near") {
  const EncodedChunk encoded = example();
  const CutPlace place = place_of(encoded.chunk, 7);
  KnownPlaces places;
  CHECK_FALSE(is_near(encoded.chunk, 7, places));
  places.begin = &place;
  CHECK(is_near(encoded.chunk, 7, places));
  CHECK_FALSE(is_near(encoded.chunk, 8, places));
  Chunk other = encoded.chunk;
  other.encoding = Encoding::histogram;
  CHECK_FALSE(is_near(other, 7, places));
}

TEST_CASE("a part that is not there is an error") {
  EncodedChunk encoded = example();
  CHECK(read(encoded.chunk, 0, count + 1, {}).error().kind == ErrorKind::internal);
  Chunk torn = encoded.chunk;
  torn.data = torn.data.substr(0, 60);
  CHECK(read(torn, 0, 5, {}).has_value());
  CHECK(read(torn, 0, count, {}).error().kind == ErrorKind::corrupt);
  const CutPlace place = place_of(encoded.chunk, 30);
  CHECK(read(torn, 30, 3, {&place}).error().kind == ErrorKind::corrupt);
}

}  // namespace
}  // namespace prombraid::chunk
