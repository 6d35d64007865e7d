#include "chunk/slice.h"

#include <doctest/doctest.h>

#include "chunk/decode_times.h"
#include "chunk/golden.h"

namespace prombraid::chunk {
namespace {

/// The samples of all chunks one after the other.
DecodedChunk read_all(const std::vector<EncodedChunk>& chunks) {
  DecodedChunk all, one;
  for (const EncodedChunk& chunk : chunks) {
    const auto result = decode(chunk.chunk, one);
    REQUIRE_MESSAGE(result.has_value(), result.error().what);
    CHECK(chunk.chunk.min_time == one.times.front());
    CHECK(chunk.chunk.max_time == one.times.back());
    CHECK(every_client_reads(chunk.chunk.encoding));
    all.times.insert(all.times.end(), one.times.begin(), one.times.end());
    all.values.insert(all.values.end(), one.values.begin(), one.values.end());
    all.histograms.insert(all.histograms.end(), one.histograms.begin(), one.histograms.end());
  }
  return all;
}

/// As a slice gives them back: the first sample no longer knows that it was not a reset.
DecodedChunk part(const DecodedChunk& of, std::size_t first, std::size_t count) {
  const auto cut = [&](auto& from, auto& to) {
    if (from.empty()) return;
    const auto begin = from.begin() + static_cast<std::ptrdiff_t>(first);
    to.assign(begin, begin + static_cast<std::ptrdiff_t>(count));
  };
  DecodedChunk out;
  cut(of.times, out.times);
  cut(of.values, out.values);
  cut(of.histograms, out.histograms);
  if (out.is_histogram() && out.histograms[0].reset_hint == ResetHint::not_reset) {
    out.histograms[0].reset_hint = ResetHint::unknown;
  }
  return out;
}

void check_slice(const Golden& one, std::size_t first, std::size_t count) {
  std::vector<EncodedChunk> out;
  const auto result = slice(one.chunk(), first, count, out);
  REQUIRE_MESSAGE(result.has_value(), result.error().what);
  CHECK(out.size() == 1);
  const DecodedChunk got = read_all(out);
  const DecodedChunk want = part(one.samples, first, count);
  const bool same =
      got.times == want.times && got.values == want.values && got.histograms == want.histograms;
  CHECK_MESSAGE(same, one.name, " from ", first, ", ", count, " samples");
}

TEST_CASE("the middle of a counter") {
  check_slice(golden("xor/counter/120"), 10, 20);
}

TEST_CASE("any slice of any golden chunk holds those samples") {
  for (const Golden& one : goldens()) {
    const std::size_t n = one.samples.size();
    // Every cut of XOR, which copies bits; of the others, which are encoded anew, a sample.
    const std::size_t step = one.encoding == Encoding::xor_float ? 1 : n / 20 + 1;
    for (std::size_t first = 0; first < n; first += step) {
      for (std::size_t count = 1; count <= n - first; count += step) check_slice(one, first, count);
    }
  }
}

TEST_CASE("a slice whose end is known is the same bytes, and one that ends too early is refused") {
  for (const Golden& one : goldens()) {
    const Chunk chunk = one.chunk();
    const std::size_t of = one.samples.size();
    if (!times_can_be_read_alone(chunk.encoding) || of > 200) continue;
    std::vector<Timestamp> times(of);
    std::vector<std::uint8_t> stale(of);
    std::vector<std::uint32_t> ends(of);
    const TimeRows rows{times.data(), stale.data(), ends.data()};
    REQUIRE(decode_times(chunk, static_cast<unsigned>(of), rows).has_value());
    for (std::size_t first = 0; first < of; first += 3) {
      for (std::size_t last = first; last < of; last += 2) {
        std::vector<EncodedChunk> walked, known;
        const KnownPlaces end{nullptr, &ends[last], times[first], times[last]};
        REQUIRE(slice(chunk, first, last - first + 1, walked).has_value());
        REQUIRE(slice(chunk, first, last - first + 1, known, end).has_value());
        CHECK_MESSAGE(walked[0].bytes == known[0].bytes, one.name, " from ", first, " to ", last);
        CHECK(walked[0].chunk.max_time == known[0].chunk.max_time);
      }
    }
  }
  std::vector<EncodedChunk> out;
  const std::uint32_t early = 17;
  const auto refused =
      slice(golden("xor/counter/120").chunk(), 50, 10, out, {nullptr, &early, 0, 0});
  REQUIRE(refused.has_error());
  CHECK(refused.error().kind == ErrorKind::internal);
}

TEST_CASE("a whole XOR chunk is copied as it is") {
  const Golden& one = golden("xor/random-walk/120");
  std::vector<EncodedChunk> out;
  REQUIRE(slice(one.chunk(), 0, 120, out).has_value());
  CHECK(to_hex(out[0].chunk.data) == to_hex(one.data));
}

TEST_CASE("the window survives a cut behind which the value stood still") {
  // Sample 1 sets the window, 2 and 3 repeat the value, 4 reuses the window.
  DecodedChunk samples;
  samples.times = {0, 1, 2, 3, 4};
  for (const double v : {1.0, 1.5, 1.5, 1.5, 1.0}) samples.values.push_back(bits_of(v));
  std::vector<EncodedChunk> whole, out;
  encode(samples, 0, 5, whole);
  for (std::size_t first = 0; first < 5; ++first) {
    out.clear();
    REQUIRE(slice(whole[0].chunk, first, 5 - first, out).has_value());
    CHECK(read_all(out).values == part(samples, first, 5 - first).values);
  }
}

TEST_CASE("what is not there cannot be cut out, and nothing is left behind") {
  const Golden& one = golden("xor/counter/120");
  std::vector<EncodedChunk> out;
  CHECK(slice(one.chunk(), 100, 21, out).error().kind == ErrorKind::internal);
  CHECK(slice(one.chunk(), 121, 0, out).error().kind == ErrorKind::internal);
  CHECK(slice(one.chunk(), 1, ~std::size_t{0}, out).error().kind == ErrorKind::internal);
  CHECK(slice(one.chunk(), 120, 0, out).has_value());
  Chunk cut = one.chunk();
  cut.data = cut.data.substr(0, 100);
  CHECK(slice(cut, 0, 42, out).has_value());
  CHECK(out.size() == 1);
  CHECK(slice(cut, 0, 43, out).error().kind == ErrorKind::corrupt);
  CHECK(out.size() == 1);
}

TEST_CASE("every golden chunk becomes one that every client reads") {
  for (const Golden& one : goldens()) {
    CAPTURE(one.name);
    std::vector<EncodedChunk> out;
    REQUIRE(convert(one.chunk(), out).has_value());
    const DecodedChunk got = read_all(out);
    CHECK(got.times == one.samples.times);
    CHECK(got.values == one.samples.values);
    CHECK(got.histograms == one.samples.histograms);
  }
}

}  // namespace
}  // namespace prombraid::chunk
