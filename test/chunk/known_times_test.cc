#include "chunk/known_times.h"

#include <random>

#include <doctest/doctest.h>

#include "chunk/decode.h"
#include "chunk/float_encoder.h"
#include "chunk/golden.h"
#include "chunk/must_decode.h"
#include "chunk/slice.h"

namespace prombraid::chunk {
namespace {

bool has(const Chunk& chunk, const std::vector<Timestamp>& times,
         std::vector<std::uint32_t>& ends) {
  std::vector<StepCode> codes(times.size());
  code_steps(times, codes.data());
  ends.assign(times.size(), 0);
  return has_times(chunk, times, codes.data(), ends.data());
}

bool has(const Chunk& chunk, const std::vector<Timestamp>& times) {
  std::vector<std::uint32_t> ends;
  return has(chunk, times, ends);
}

/// Times 15 s apart whose steps change by `changes`, with a counter's values.
EncodedChunk chunk_of(const std::vector<std::int64_t>& changes, DecodedChunk& samples) {
  FloatEncoder encoder;
  samples.clear();
  Timestamp t = 1795132815000;
  std::int64_t step = 15000;
  std::uint64_t value = 1000;
  for (const std::int64_t change : changes) {
    samples.times.push_back(t);
    samples.values.push_back(bits_of(static_cast<double>(value)));
    encoder.append(samples.times.back(), samples.values.back());
    t += step += change;
    value += 1 + value * 7 % 50;
  }
  return encoder.finish();
}

TEST_CASE("a chunk has the times it was made of, and no others") {
  DecodedChunk samples;
  const EncodedChunk made = chunk_of({0, 0, 3, -3, 0, 0, 1}, samples);
  CHECK(has(made.chunk, samples.times));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    CAPTURE(i);
    std::vector<Timestamp> other = samples.times;
    ++other[i];
    CHECK_FALSE(has(made.chunk, other));
  }
}

TEST_CASE("time steps of every length are known again") {
  for (const std::int64_t change : {1ll, 8192ll, 8193ll, 65536ll, 65537ll, 524288ll, 524289ll,
                                    -8191ll, -8192ll, -65536ll, -524288ll, 1ll << 40}) {
    CAPTURE(change);
    DecodedChunk samples;
    const EncodedChunk made = chunk_of({0, 0, 0, change, 0, 0, 0}, samples);
    CHECK(has(made.chunk, samples.times));
    samples.times.back() += 1;
    CHECK_FALSE(has(made.chunk, samples.times));
  }
}

TEST_CASE("known times end where decoded ones do, in every golden chunk that is no marker's") {
  std::size_t known = 0;
  for (const Golden& one : goldens()) {
    CAPTURE(one.name);
    const Chunk chunk = one.chunk();
    if (!times_can_be_known(chunk.encoding) || one.samples.size() == 0) continue;
    const auto count = static_cast<unsigned>(one.samples.size());
    std::vector<Timestamp> times(count);
    std::vector<std::uint8_t> stale(count);
    std::vector<std::uint32_t> ends(count), known_ends;
    const auto seen = decode_times(chunk, count, {times.data(), stale.data(), ends.data()});
    REQUIRE(seen.has_value());
    if (!has(chunk, times, known_ends)) continue;
    CHECK_FALSE(seen->stale);
    CHECK(known_ends == ends);
    ++known;
  }
  CHECK(known > 20);
}

TEST_CASE("a cut that was passed on the way gives the slice that a walk to it gives") {
  std::size_t known = 0;
  for (const Golden& one : goldens()) {
    const Chunk chunk = one.chunk();
    if (!times_can_be_known(chunk.encoding) || one.samples.size() > 200) continue;
    const std::vector<Timestamp>& times = one.samples.times;
    std::vector<StepCode> codes(times.size());
    std::vector<std::uint32_t> ends(times.size());
    code_steps(times, codes.data());
    for (std::size_t first = 1; first < times.size(); ++first) {
      CutPlace cut{first, {}, {}};
      if (!has_times(chunk, times, codes.data(), ends.data(), &cut)) continue;
      const std::size_t last = first + (times.size() - 1 - first) / 2;
      for (const std::size_t end : {last, times.size() - 1}) {
        std::vector<EncodedChunk> passed, walked;
        const KnownPlaces places{&cut, &ends[end], times[first], times[end]};
        REQUIRE(slice(chunk, first, end - first + 1, passed, places).has_value());
        REQUIRE(slice(chunk, first, end - first + 1, walked).has_value());
        CHECK_MESSAGE(passed[0].bytes == walked[0].bytes, one.name, " from ", first, " to ", end);
        CHECK(passed[0].chunk.min_time == times[first]);
        ++known;
      }
    }
  }
  CHECK(known > 1000);
}

TEST_CASE("a stale marker, and a value that may be one, is not known") {
  FloatEncoder encoder;
  const std::vector<Timestamp> times = {1000, 2000, 3000};
  for (const Timestamp t : times) encoder.append(t, t == 3000 ? stale_marker : bits_of(1.0));
  CHECK_FALSE(has(encoder.finish().chunk, times));
}

TEST_CASE("a chunk that is cut off anywhere is not known") {
  DecodedChunk samples;
  const EncodedChunk made = chunk_of(std::vector<std::int64_t>(60, 0), samples);
  for (std::size_t size = 2; size < made.chunk.data.size(); ++size) {
    Chunk cut = made.chunk;
    const std::vector<char> bytes(cut.data.begin(), cut.data.begin() + size);  // nothing behind
    cut.data = {bytes.data(), bytes.size()};
    CHECK_FALSE(has(cut, samples.times));
  }
}

}  // namespace
}  // namespace prombraid::chunk
