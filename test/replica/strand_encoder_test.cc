#include "replica/strand_encoder.h"

#include <doctest/doctest.h>

#include "chunk/decode.h"
#include "replica/answers.h"
#include "wire/samples_writer.h"

namespace prombraid::replica {
namespace {

/// What comes out of a strand: the time and, for floats, the bits.
std::vector<Sample> floats_of(const Strand& strand) {
  std::vector<Sample> out;
  chunk::DecodedChunk decoded;
  for (const Chunk& chunk : strand.chunks) {
    REQUIRE(chunk::decode(chunk, decoded).has_value());
    CHECK(chunk.min_time == decoded.times.front());
    CHECK(chunk.max_time == decoded.times.back());
    for (std::size_t i = 0; i < decoded.size(); ++i) {
      out.push_back({decoded.times[i], decoded.is_histogram() ? 0 : decoded.values[i]});
    }
  }
  return out;
}

/// The strand of the one series that `fill` writes.
template <class Fill>
Strand encode(Fill fill) {
  wire::SamplesWriter writer;
  writer.begin_result();
  writer.begin_series(test::labels({{"a", "b"}}));
  fill(writer);
  writer.end_series();
  std::string body;
  const auto finished = writer.finish();
  for (const auto& buffer : finished->buffers) body += buffer;
  auto reader = wire::SamplesReader::open(body, {});
  REQUIRE(reader.has_value());
  wire::SampledSeries series;
  const auto more = reader->next(series);
  REQUIRE(more.has_value());
  REQUIRE(*more);
  StrandEncoder encoder;
  auto strand = encoder.encode(series);
  REQUIRE(strand.has_value());
  CHECK(to_string(strand->labels) == R"({a="b"})");
  return std::move(*strand);
}

TEST_CASE("floats become chunks of at most 120 samples, bit for bit") {
  std::vector<Sample> samples;
  for (int i = 0; i < 300; ++i) samples.push_back({1000 * i, bits_of(0.1 * i)});
  samples[7].v = stale_marker;
  samples[8].v = 0xfff8000000000123;
  samples[9].v = bits_of(-0.0);
  const Strand strand = encode([&](wire::SamplesWriter& writer) { writer.add(samples); });
  CHECK(strand.chunks.size() == 3);
  CHECK(floats_of(strand) == samples);
}

TEST_CASE("a series without samples is a strand without chunks") {
  CHECK(encode([](wire::SamplesWriter&) {}).chunks.empty());
}

TEST_CASE("floats and histograms are brought into one order; at one time the float stands") {
  Histogram h;
  h.count = 3;
  h.zero_count = 3;
  h.sum = bits_of(1.5);
  const Strand strand = encode([&](wire::SamplesWriter& writer) {
    const std::vector<Sample> samples = {
        {1000, bits_of(1)}, {3000, bits_of(3)}, {4000, bits_of(4)}};
    writer.add(samples);
    for (const Timestamp t : {2000, 3000, 5000, 6000}) writer.add(t, h);
  });
  const std::vector<Sample> expected = {{1000, bits_of(1)}, {2000, 0}, {3000, bits_of(3)},
                                        {4000, bits_of(4)}, {5000, 0}, {6000, 0}};
  CHECK(floats_of(strand) == expected);
  CHECK(strand.chunks.size() == 4);
  CHECK(strand.chunks[1].encoding == Encoding::histogram);
}

}  // namespace
}  // namespace prombraid::replica
