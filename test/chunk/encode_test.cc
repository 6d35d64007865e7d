#include <doctest/doctest.h>

#include "chunk/float_encoder.h"
#include "chunk/golden.h"
#include "chunk/histogram_encoder.h"
#include "chunk/must_decode.h"
#include "chunk/slice.h"

namespace prombraid::chunk {
namespace {

TEST_CASE("three constant samples become Prometheus's bytes") {
  FloatEncoder encoder;
  for (const Timestamp t : {0, 15000, 30000}) encoder.append(1795132815000 + t, bits_of(1));
  CHECK(encoder.size() == 3);
  const EncodedChunk out = encoder.finish();
  CHECK(to_hex(out.chunk.data) == "0003b0da87e4be683ff0000000000000987500");
  CHECK(out.chunk.min_time == 1795132815000);
  CHECK(out.chunk.max_time == 1795132845000);
  CHECK(out.chunk.encoding == Encoding::xor_float);
  CHECK(encoder.empty());
}

TEST_CASE("an encoder that finished begins anew") {
  FloatEncoder encoder;
  encoder.append(1, bits_of(2));
  const std::string once(encoder.finish().chunk.data);
  encoder.append(1, bits_of(2));
  CHECK(encoder.finish().chunk.data == once);
  CHECK(to_hex(encoder.finish().chunk.data) == "0000");
}

TEST_CASE("every golden chunk of encodings 1 to 3 is written again byte for byte") {
  std::size_t compared = 0;
  for (const Golden& one : goldens()) {
    if (!every_client_reads(one.encoding)) continue;
    CAPTURE(one.name);
    std::vector<EncodedChunk> out;
    encode(one.samples, 0, one.samples.size(), out);
    REQUIRE(out.size() == 1);
    CHECK(to_hex(out[0].chunk.data) == to_hex(one.data));
    CHECK(out[0].chunk.min_time == one.samples.times.front());
    CHECK(out[0].chunk.max_time == one.samples.times.back());
    ++compared;
  }
  CHECK(compared == 59);
}

/// A sample a minute, its value 100 a minute.
DecodedChunk minutes(Timestamp from, Timestamp to) {
  DecodedChunk out;
  for (Timestamp i = from; i < to; ++i) {
    out.times.push_back(i * 60000);
    out.values.push_back(bits_of(static_cast<double>(100 * i)));
  }
  return out;
}

TEST_CASE("the chunks of Prometheus's own read handler test, both ways") {
  const std::vector<Golden> vectors = read_goldens("read_handler.jsonl");
  REQUIRE(vectors.size() == 5);
  const DecodedChunk wanted[] = {minutes(0, 120), minutes(120, 121), minutes(120, 240),
                                 minutes(240, 241)};
  for (std::size_t i = 0; i < 5; ++i) {
    CAPTURE(vectors[i].name);
    const DecodedChunk samples = must_decode({0, 0, vectors[i].encoding, vectors[i].data});
    std::vector<EncodedChunk> out;
    encode(samples, 0, samples.size(), out);
    REQUIRE(out.size() == 1);
    CHECK(to_hex(out[0].chunk.data) == to_hex(vectors[i].data));
    if (i == 4) break;
    CHECK(samples.times == wanted[i].times);
    CHECK(samples.values == wanted[i].values);
  }
}

TEST_CASE("the float histogram of Prometheus's own read handler test") {
  const Golden one = read_goldens("read_handler.jsonl").at(4);
  const DecodedChunk samples = must_decode({0, 0, one.encoding, one.data});
  REQUIRE(samples.size() == 25);
  Histogram want;
  want.is_float = true;
  want.schema = 1;
  want.zero_threshold = bits_of(0.001);
  want.count = bits_of(12);
  want.zero_count = bits_of(2);
  want.sum = bits_of(18.4);
  want.positive_spans = want.negative_spans = {{0, 2}, {1, 2}};
  want.positive_counts = want.negative_counts = {bits_of(1), bits_of(2), bits_of(1), bits_of(1)};
  CHECK(samples.histograms[0] == want);
  CHECK(samples.times[24] == 24 * 60000);
}

TEST_CASE("the largest steps and strangest values survive") {
  constexpr Timestamp low = std::numeric_limits<Timestamp>::min();
  constexpr Timestamp high = std::numeric_limits<Timestamp>::max();
  const std::vector<Timestamp> times{low, high, low, 0, -1, 8192, 8193, high, high, low};
  DecodedChunk samples;
  for (const Timestamp t : times) {
    samples.times.push_back(t);
    const DoubleBits values[] = {stale_marker, 0, ~DoubleBits{0}, 1, bits_of(-0.0)};
    samples.values.push_back(values[samples.values.size() % 5]);
  }
  std::vector<EncodedChunk> out;
  encode(samples, 0, samples.size(), out);
  REQUIRE(out.size() == 1);
  const DecodedChunk back = must_decode(out[0].chunk);
  CHECK(back.times == samples.times);
  CHECK(back.values == samples.values);
}

TEST_CASE("a chunk holds 65535 samples, the next opens another") {
  DecodedChunk samples;
  samples.times.assign(max_chunk_samples + 1, 7);
  samples.values.assign(max_chunk_samples + 1, bits_of(1));
  std::vector<EncodedChunk> out;
  encode(samples, 0, samples.size(), out);
  REQUIRE(out.size() == 2);
  CHECK(must_decode(out[0].chunk).size() == max_chunk_samples);
  CHECK(must_decode(out[1].chunk).size() == 1);
}

Histogram integer_histogram() {
  return golden("histogram/growing/part0").samples.histograms[1];
}

TEST_CASE("what must not follow in a chunk of histograms") {
  struct Case {
    const char* name;
    void (*change)(Histogram&);
    bool fits;
  };
  const Case cases[] = {
      {"the same again", [](Histogram&) {}, true},
      {"hint unknown", [](Histogram& h) { h.reset_hint = ResetHint::unknown; }, true},
      {"hint reset", [](Histogram& h) { h.reset_hint = ResetHint::reset; }, false},
      {"a gauge", [](Histogram& h) { h.reset_hint = ResetHint::gauge; }, false},
      {"another schema", [](Histogram& h) { ++h.schema; }, false},
      {"another zero threshold", [](Histogram& h) { h.zero_threshold = 0; }, false},
      {"another span", [](Histogram& h) { h.negative_spans[1].offset = 2; }, false},
      {"count lower", [](Histogram& h) { --h.count; }, false},
      {"zero count lower", [](Histogram& h) { --h.zero_count; }, false},
      {"a bucket lower", [](Histogram& h) { --h.positive_deltas[3]; }, false},
      {"a bucket higher, the next as before",
       [](Histogram& h) { ++h.positive_deltas[2], --h.positive_deltas[3]; }, true},
      {"stale", [](Histogram& h) { h = {}, h.sum = stale_marker; }, true},
      {"float", [](Histogram& h) { h = {}, h.is_float = true; }, false},
  };
  for (const Case& one : cases) {
    CAPTURE(one.name);
    HistogramEncoder encoder;
    encoder.append(0, integer_histogram());
    Histogram next = integer_histogram();
    one.change(next);
    CHECK(encoder.fits(next) == one.fits);
  }
}

TEST_CASE("a gauge may fall; only stale may follow stale") {
  Histogram h = integer_histogram();
  h.reset_hint = ResetHint::gauge;
  HistogramEncoder encoder;
  encoder.append(0, h);
  --h.count;
  CHECK(encoder.fits(h));
  Histogram stale;
  stale.sum = stale_marker;
  encoder.append(1, stale);
  CHECK(encoder.fits(stale));
  CHECK_FALSE(encoder.fits(h));
}

TEST_CASE("the head keeps what the first sample knew, but for not_reset") {
  const std::pair<ResetHint, ResetHint> cases[] = {
      {ResetHint::unknown, ResetHint::unknown},
      {ResetHint::reset, ResetHint::reset},
      {ResetHint::not_reset, ResetHint::unknown},
      {ResetHint::gauge, ResetHint::gauge},
  };
  for (const auto& [written, read] : cases) {
    Histogram h = integer_histogram();
    h.reset_hint = written;
    HistogramEncoder encoder;
    encoder.append(0, h);
    h.reset_hint = read;
    const EncodedChunk out = encoder.finish();
    CHECK(must_decode(out.chunk).histograms == std::vector{h});
  }
}

TEST_CASE("well-formed histograms have the buckets that their spans claim") {
  for (const Golden& one : goldens()) {
    for (const Histogram& h : one.samples.histograms) CHECK(well_formed(h));
  }
  Histogram h = integer_histogram();
  h.positive_deltas.pop_back();
  CHECK_FALSE(well_formed(h));
  h = integer_histogram();
  h.custom_values = {1};
  CHECK_FALSE(well_formed(h));
  h = integer_histogram();
  h.is_float = true;
  CHECK_FALSE(well_formed(h));
}

}  // namespace
}  // namespace prombraid::chunk
