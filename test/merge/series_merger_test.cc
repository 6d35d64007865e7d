#include "merge/series_merger.h"

#include <algorithm>
#include <random>

#include <doctest/doctest.h>

#include "chunk/histogram_encoder.h"
#include "merge/emit.h"
#include "merge/interval.h"
#include "oracle.h"
#include "strands.h"
#include "worlds.h"

namespace prombraid::merge {
namespace {

constexpr TimeRange always{first_time, last_time};
constexpr Span s = 16;

std::vector<Sample> regular(Timestamp from, Timestamp step, std::size_t count, DoubleBits value) {
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < count; ++i) {
    samples.push_back({from + static_cast<Timestamp>(i) * step, value + i});
  }
  return samples;
}

std::vector<const Strand*> pointers(const std::vector<Strand>& strands) {
  std::vector<const Strand*> out;
  for (const Strand& strand : strands) out.push_back(&strand);
  return out;
}

/// What both emitters give; they must agree, and the chunks keep their promises.
std::vector<Sample> merged(SeriesMerger& merger, const std::vector<Strand>& strands,
                           TimeRange range, ChunkRow& row, Timestamp now = first_time) {
  const auto ranked = pointers(strands);
  merger.merge(ranked, range, now);
  row.clear();
  REQUIRE(emit_chunks(ranked, merger.pieces(), row).has_value());
  Kept kept;
  REQUIRE(emit_samples(ranked, merger.pieces(), kept).has_value());
  REQUIRE(samples_of(row.chunks) == kept.samples);
  std::size_t at = 0;
  for (const Chunk& c : row.chunks) {
    const auto count = *chunk::sample_count(c);
    REQUIRE(count > 0);
    REQUIRE(c.min_time == kept.samples[at].t);
    REQUIRE(c.max_time == kept.samples[at + count - 1].t);
    if (at > 0) REQUIRE(kept.samples[at - 1].t < c.min_time);
    at += count;
  }
  return kept.samples;
}

TEST_CASE("healthy replicas: the first one's chunks pass through, the others stay closed") {
  std::vector<Strand> strands;
  strands.push_back(strand_of(regular(1000, 15000, 1200, 0), 120));
  strands.push_back(strand_of(regular(4000, 15000, 1200, 5000), 120));
  SeriesMerger merger;
  ChunkRow row;
  const auto samples = merged(merger, strands, always, row);
  CHECK(samples == regular(1000, 15000, 1200, 0));
  CHECK(row.passed == 10);
  CHECK(row.chunks[3].data.data() == strands[0].chunks[3].data.data());
  CHECK(merger.interval() == 15000);
  CHECK(merger.chunks_decoded() <= 11);  // the leader's, and the first of the other one
}

TEST_CASE("one replica alone comes back as it is, and only chunks that the range cuts are opened") {
  std::vector<Strand> strands;
  strands.push_back(strand_of(regular(1000, 15000, 1200, 0), 120));
  SeriesMerger merger;
  ChunkRow row;
  CHECK(merged(merger, strands, always, row) == regular(1000, 15000, 1200, 0));
  CHECK(merger.chunks_decoded() == 0);
  CHECK(row.passed == 10);
  const TimeRange middle{1000 + 130 * 15000, 1000 + 1000 * 15000 - 1};
  CHECK(merged(merger, strands, middle, row) ==
        regular(1000 + 130 * 15000, 15000, 870, bits_of(0) + 130));
  CHECK(merger.chunks_decoded() == 2);
  CHECK(row.passed == 6);
  CHECK(merged(merger, strands, {0, 999}, row).empty());
  CHECK(merger.interval() == 15000);
}

TEST_CASE("one hole opens the other strand only where the hole is") {
  auto leader = regular(1000, 15000, 1200, 0);
  leader.erase(leader.begin() + 605);
  std::vector<Strand> strands;
  strands.push_back(strand_of(leader, 120));
  strands.push_back(strand_of(regular(4000, 15000, 1200, 5000), 120));
  SeriesMerger merger;
  ChunkRow row;
  const auto samples = merged(merger, strands, always, row);
  CHECK(samples.size() == 1200);
  CHECK(merger.chunks_decoded() <= 13);
  CHECK(row.passed >= 8);
  CHECK(row.chunks.size() <= 13);
  bool filled = false;
  for (const Piece& piece : merger.pieces()) filled |= piece.reason == Reason::filled;
  CHECK(filled);
}

/// A strand like `samples` in its chunks' heads, changed in up to three samples inside: moved,
/// given another value, or made a stale marker.
std::vector<Sample> sibling(std::vector<Sample> samples, std::size_t a_chunk, std::mt19937_64& r) {
  for (Sample& sample : samples) sample.v += r() % 1000;
  for (std::size_t changes = r() % 4; changes > 0; --changes) {
    const std::size_t i = r() % samples.size();
    if (i % a_chunk == 0 || i % a_chunk == a_chunk - 1 || i + 1 == samples.size()) continue;
    const auto room = static_cast<std::uint64_t>(samples[i + 1].t - samples[i - 1].t - 1);
    if (r() % 2 == 0) samples[i].t = samples[i - 1].t + 1 + static_cast<Timestamp>(r() % room);
    if (r() % 4 == 0) samples[i].v = stale_marker;
  }
  return samples;
}

/// The chunks that the pieces become: what is known of their places must not change them.
std::vector<std::string> bytes_of(std::span<const Strand* const> strands,
                                  std::span<const Piece> pieces) {
  ChunkRow row;
  REQUIRE(emit_chunks(strands, pieces, row).has_value());
  std::vector<std::string> all;
  for (const Chunk& chunk : row.chunks) {
    all.push_back(std::to_string(chunk.min_time) + ' ' + std::to_string(chunk.max_time) + ' ' +
                  std::string(chunk.data));
  }
  return all;
}

TEST_CASE("a series is decided as if it were the first, whatever came before it") {
  constexpr std::size_t a_chunk = 40;
  std::mt19937_64 random(5);
  SeriesMerger merger;
  std::size_t twins = 0;
  for (int world = 0; world < 60; ++world) {
    std::vector<std::vector<Sample>> replicas;
    for (std::size_t k = 0; k < 3; ++k) {
      std::vector<Sample> samples = regular(static_cast<Timestamp>(3000 * k), 15000, 400, 1000);
      const auto hole = samples.begin() + static_cast<std::ptrdiff_t>(random() % 300);
      samples.erase(hole, hole + static_cast<std::ptrdiff_t>(random() % 60));
      replicas.push_back(std::move(samples));
    }
    const TimeRange range{static_cast<Timestamp>(random() % 1000000), 6000000};
    for (int series = 0; series < 12; ++series) {
      std::vector<Strand> strands;
      for (const auto& samples : replicas) {
        strands.push_back(strand_of(sibling(samples, a_chunk, random), a_chunk));
      }
      if (series % 5 == 4) strands[random() % 3] = Strand();
      const auto ranked = pointers(strands);
      const std::size_t before = merger.repeated();
      merger.merge(ranked, range);
      twins += merger.repeated() - before;
      SeriesMerger fresh;
      fresh.merge(ranked, range);
      REQUIRE(std::ranges::equal(merger.pieces(), fresh.pieces()));
      REQUIRE(bytes_of(ranked, merger.pieces()) == bytes_of(ranked, fresh.pieces()));
    }
  }
  CHECK(twins > 20);
  CHECK(twins < 600);
}

TEST_CASE("only what lies in the range is answered, with exact times") {
  std::vector<Strand> strands;
  strands.push_back(strand_of(regular(0, 15000, 400, 0), 120));
  strands.emplace_back();
  SeriesMerger merger;
  ChunkRow row;
  const auto samples = merged(merger, strands, {1500000, 4500000}, row);
  REQUIRE(samples.size() == 201);
  CHECK(samples.front().t == 1500000);
  CHECK(samples.back().t == 4500000);
}

TEST_CASE("silence is an end, for which the last to speak is followed, once it is known to last") {
  const Span minute = 60000;
  std::vector<Strand> strands;
  strands.push_back(strand_of(regular(0, 2 * minute, 20, 0), 120));
  strands.push_back(strand_of(regular(20000, 2 * minute, 20, 7), 120));
  const Timestamp end = 38 * minute;
  SeriesMerger merger;  // the same: a time that is another is noticed
  const auto last = [&](Timestamp range_end, Timestamp now) {
    ChunkRow row;
    return merged(merger, strands, {0, range_end}, row, now).back().t;
  };
  CHECK(last(40 * minute, 40 * minute) == end);
  CHECK(last(40 * minute, 50 * minute) == end + 20000);
  // What comes five minutes after the range was not read.
  CHECK(last(38 * minute + 30000, 50 * minute) == end);
}

TEST_CASE("how a strand is cut into chunks does not matter") {
  std::mt19937_64 random(6);
  SeriesMerger merger(4 * s);
  for (int i = 0; i < 300; ++i) {
    const auto world = worlds::random(random, s, 60);
    std::vector<Sample> expected;
    for (const std::size_t a_chunk : {200, 120, 7, 3}) {
      std::vector<Strand> strands;
      for (const auto& lane : world) {
        std::vector<Sample> samples;
        for (const Moment& m : lane) {
          samples.push_back({m.t, m.stale ? stale_marker : bits_of(static_cast<double>(m.t))});
        }
        strands.push_back(strand_of(samples, a_chunk));
      }
      ChunkRow row;
      const auto samples = merged(merger, strands, always, row);
      if (a_chunk == 200) expected = samples;
      REQUIRE(samples == expected);
    }
  }
}

TEST_CASE("chunks in the wrong order, overlapping, or with lying heads are put in order") {
  const auto all = regular(0, 15000, 240, 0);
  Strand good = strand_of(all, 60);
  std::vector<Strand> strands;
  strands.push_back(strand_of(all, 60));
  strands.push_back(strand_of(regular(3000, 15000, 240, 0), 60));
  SUBCASE("order") {
    std::swap(strands[0].chunks[1], strands[0].chunks[2]);
  }
  SUBCASE("twice") {
    strands[0].chunks.insert(strands[0].chunks.begin() + 1, strands[0].chunks[0]);
  }
  SUBCASE("head") {
    strands[0].chunks[2].max_time += 5;
  }
  SeriesMerger merger;
  ChunkRow row;
  CHECK(merged(merger, strands, always, row) == all);
  CHECK(merger.faults().empty());
}

TEST_CASE(
    "a replica alone that sends a chunk twice is put in order, by a merger that saw nothing else") {
  const std::vector<Sample> samples = regular(0, 15000, 240, 7);
  std::vector<Strand> strands;
  strands.push_back(strand_of(samples, 120));
  strands[0].chunks.push_back(strands[0].chunks[1]);
  SeriesMerger merger;
  ChunkRow row;
  CHECK(merged(merger, strands, always, row) == samples);
}

TEST_CASE("a strand that does not decode is left out and told") {
  std::vector<Strand> strands;
  strands.push_back(strand_of(regular(0, 15000, 240, 0), 60));
  strands.push_back(strand_of(regular(3000, 15000, 240, 0), 60));
  strands[0].chunks[1].data = strands[0].chunks[1].data.substr(0, 30);
  SeriesMerger merger;
  ChunkRow row;
  CHECK(merged(merger, strands, always, row) == regular(3000, 15000, 240, 0));
  REQUIRE(merger.faults().size() == 1);
  CHECK(merger.faults()[0].strand == 0);
  CHECK(merger.faults()[0].error.what.find("chunk 1") != std::string::npos);
}

Strand histograms(Timestamp from, std::size_t count, std::uint64_t base, ResetHint hint) {
  chunk::HistogramEncoder encoder;
  Strand strand;
  for (std::size_t i = 0; i < count; ++i) {
    Histogram h;
    h.count = base + i;
    h.sum = bits_of(1.0);
    h.reset_hint = hint;
    encoder.append(from + static_cast<Timestamp>(i) * 15000, h);
  }
  chunk::append(encoder.finish(), strand);
  return strand;
}

TEST_CASE("where the strand changes, a histogram says nothing of a reset; a gauge stays one") {
  for (const ResetHint hint : {ResetHint::reset, ResetHint::gauge}) {
    std::vector<Strand> strands;
    strands.push_back(histograms(0, 20, 100, hint));
    strands.push_back(histograms(20 * 15000 + 3000, 20, 50, hint));
    const auto ranked = pointers(strands);
    SeriesMerger merger;
    merger.merge(ranked, always);
    Kept kept;
    REQUIRE(emit_samples(ranked, merger.pieces(), kept).has_value());
    REQUIRE(kept.histograms.size() == 40);
    const bool gauge = hint == ResetHint::gauge;
    CHECK(kept.histograms[20].h.reset_hint == (gauge ? hint : ResetHint::unknown));
    CHECK(kept.histograms[21].h.reset_hint == (gauge ? hint : ResetHint::not_reset));
    ChunkRow row;
    REQUIRE(emit_chunks(ranked, merger.pieces(), row).has_value());
    chunk::DecodedChunk decoded;
    REQUIRE(chunk::decode(row.chunks[1], decoded).has_value());
    CHECK(decoded.histograms[0].reset_hint == (gauge ? hint : ResetHint::unknown));
  }
}

TEST_CASE("an interval is the median gap, rounded as a person would") {
  struct Case {
    Span gap, snapped;
  };
  for (const auto& c : {Case{15003, 15000},
                        {14998, 15000},
                        {60021, 60000},
                        {998, 1000},
                        {103, 103},
                        {249, 200},
                        {1501, 2000},
                        {UINT64_MAX, UINT64_MAX - 615}}) {
    CHECK(snap(c.gap) == c.snapped);
  }
}

}  // namespace
}  // namespace prombraid::merge
