/// What the merge costs beside decoding: nanoseconds a merged sample, for series of 6 h at 15 s.
#include <benchmark/benchmark.h>

#include "chunk/float_encoder.h"
#include "merge/emit.h"
#include "merge/explain.h"
#include "merge/series_merger.h"

using namespace prombraid;

namespace {

constexpr std::size_t count = 1440;

/// Three replicas; each leaves out every `hole_every`-th sample, at different places; 0 for none.
std::vector<Strand> replicas(std::size_t hole_every) {
  std::vector<Strand> strands(3);
  for (std::size_t k = 0; k < strands.size(); ++k) {
    chunk::FloatEncoder encoder;
    for (std::size_t i = 0; i < count; ++i) {
      if (hole_every != 0 && (i + k * 37) % hole_every == hole_every - 1) continue;
      const auto t = static_cast<Timestamp>(1700000000000 + i * 15000 + k * 4001);
      encoder.append(t, bits_of(static_cast<double>(i) * 1.25));
      if (encoder.size() == chunk::usual_chunk_samples) chunk::append(encoder.finish(), strands[k]);
    }
    if (!encoder.empty()) chunk::append(encoder.finish(), strands[k]);
  }
  return strands;
}

void merge_to_chunks(benchmark::State& state) {
  const auto strands = replicas(static_cast<std::size_t>(state.range(0)));
  const std::vector<const Strand*> ranked = {&strands[0], &strands[1], &strands[2]};
  merge::SeriesMerger merger;
  merge::ChunkRow row;
  for (auto _ : state) {
    merger.merge(ranked, {0, 1800000000000});
    row.clear();
    if (merge::emit_chunks(ranked, merger.pieces(), row).has_error()) state.SkipWithError("emit");
    benchmark::DoNotOptimize(row.chunks.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(count));
  state.counters["chunks_decoded"] = static_cast<double>(merger.chunks_decoded());
  state.counters["chunks_passed"] = static_cast<double>(row.passed);
}
BENCHMARK(merge_to_chunks)->Arg(0)->Arg(700)->Arg(100)->Arg(14);

/// What an explanation costs beside the merge it explains: all samples of all replicas are decoded.
void explain_all(benchmark::State& state) {
  const auto strands = replicas(static_cast<std::size_t>(state.range(0)));
  const std::vector<const Strand*> ranked = {&strands[0], &strands[1], &strands[2]};
  for (auto _ : state) {
    const auto seen = merge::explain(ranked, {0, 1800000000000}, 15000);
    benchmark::DoNotOptimize(seen.holes.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(count));
}
BENCHMARK(explain_all)->Arg(0)->Arg(100);

/// The floor: nothing but the decoding of one replica.
void decode_one(benchmark::State& state) {
  const auto strands = replicas(0);
  chunk::DecodedChunk decoded;
  for (auto _ : state) {
    for (const Chunk& chunk : strands[0].chunks) {
      if (chunk::decode(chunk, decoded).has_error()) state.SkipWithError("decode");
      benchmark::DoNotOptimize(decoded.times.data());
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(count));
}
BENCHMARK(decode_one);

}  // namespace
