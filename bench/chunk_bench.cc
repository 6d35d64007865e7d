/// What a sample costs in the chunk codecs. `items_per_second` counts samples.
#include <cmath>
#include <random>

#include <benchmark/benchmark.h>

#include "chunk/float_encoder.h"
#include "chunk/histogram_encoder.h"
#include "chunk/known_chunks.h"
#include "chunk/slice.h"

namespace prombraid::chunk {
namespace {

enum Shape : std::int64_t {
  constant,        // idle: same step, same value
  counter,         // counter, scrapes to the millisecond on time
  counter_jitter,  // counter, scrapes some ms early or late: what most series look like
  gauge_jitter,    // random doubles, the same jitter: the worst there is
  integer_gauge,   // small whole numbers that mostly stand still
};

constexpr std::size_t chunks_per_set = 512;

/// Many different chunks, as in a real read: of one, the branch predictor learns every turn.
std::vector<DecodedChunk> make(std::int64_t shape) {
  std::mt19937_64 random(static_cast<std::uint64_t>(shape) + 1);
  std::normal_distribution<double> jitter(0, 3);
  std::uniform_real_distribution<double> fraction(0, 1);
  std::vector<DecodedChunk> out(chunks_per_set);
  for (DecodedChunk& chunk : out) {
    double value = static_cast<double>(random() % 100000);
    const double rate = static_cast<double>(random() % 200 + 1);
    for (std::size_t i = 0; i < usual_chunk_samples; ++i) {
      const bool late = shape == counter_jitter || shape == gauge_jitter;
      chunk.times.push_back(1795132815000 + static_cast<Timestamp>(i) * 15000 +
                            (late ? static_cast<Timestamp>(jitter(random)) : 0));
      if (shape == counter || shape == counter_jitter) {
        value += std::floor(rate * (0.5 + fraction(random)));
      } else if (shape == gauge_jitter) {
        value = 100 * fraction(random);
      } else if (shape == integer_gauge && fraction(random) < 0.2) {
        value = static_cast<double>(random() % 64);
      }
      chunk.values.push_back(bits_of(value));
    }
  }
  return out;
}

std::vector<EncodedChunk> encode_all(const std::vector<DecodedChunk>& samples) {
  std::vector<EncodedChunk> out;
  for (const DecodedChunk& one : samples) encode(one, 0, one.size(), out);
  return out;
}

void count_samples(benchmark::State& state, std::size_t per_round) {
  const double all = static_cast<double>(state.iterations()) * static_cast<double>(per_round);
  state.SetItemsProcessed(static_cast<std::int64_t>(all));
  state.counters["ns_per_sample"] =
      benchmark::Counter(all * 1e-9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void decode_xor(benchmark::State& state) {
  const std::vector<EncodedChunk> chunks = encode_all(make(state.range(0)));
  std::size_t bytes = 0;
  for (const EncodedChunk& one : chunks) bytes += one.bytes.size();
  DecodedChunk out;
  for (auto _ : state) {
    for (const EncodedChunk& one : chunks) {
      if (!decode(one.chunk, out)) state.SkipWithError("does not decode");
      benchmark::DoNotOptimize(out.values.data());
    }
  }
  count_samples(state, chunks_per_set * usual_chunk_samples);
  state.counters["bytes_per_sample"] =
      static_cast<double>(bytes) / static_cast<double>(chunks_per_set * usual_chunk_samples);
}

void encode_xor(benchmark::State& state) {
  const std::vector<DecodedChunk> samples = make(state.range(0));
  for (auto _ : state) {
    for (const DecodedChunk& one : samples) {
      FloatEncoder encoder;
      for (std::size_t i = 0; i < one.size(); ++i) encoder.append(one.times[i], one.values[i]);
      benchmark::DoNotOptimize(encoder.finish());
    }
  }
  count_samples(state, chunks_per_set * usual_chunk_samples);
}

/// The last three quarters of each chunk; counted are the samples of the whole.
void slice_xor(benchmark::State& state) {
  const std::vector<EncodedChunk> chunks = encode_all(make(state.range(0)));
  std::vector<EncodedChunk> out;
  for (auto _ : state) {
    for (const EncodedChunk& one : chunks) {
      out.clear();
      if (!slice(one.chunk, 30, 90, out)) state.SkipWithError("does not slice");
    }
  }
  count_samples(state, chunks_per_set * usual_chunk_samples);
}

constexpr std::size_t chunks_a_series = 28;
constexpr std::size_t series_per_target = 32;

/// The chunks of all series of one target: their times are the same.
std::vector<std::vector<EncodedChunk>> series_of_target(std::int64_t shape) {
  const std::vector<DecodedChunk> samples = make(shape);
  std::vector<std::vector<EncodedChunk>> out(series_per_target);
  std::size_t taken = 0;
  for (auto& series : out) {
    for (std::size_t c = 0; c < chunks_a_series; ++c) {
      DecodedChunk one = samples[taken++ * 5 % chunks_per_set];
      one.times = samples[c].times;
      encode(one, 0, one.size(), series);
    }
  }
  return out;
}

/// Series whose times were those of the one before: as many chunks as a read of six hours over
/// three replicas with holes looks into, one in four of them cut.
void walk_known(benchmark::State& state) {
  const auto target = series_of_target(state.range(0));
  const std::vector<DecodedChunk> samples = make(state.range(0));
  std::vector<std::vector<StepCode>> codes(chunks_a_series);
  std::vector<std::vector<std::uint32_t>> ends(chunks_a_series);
  std::vector<CutPlace> cuts(chunks_a_series);
  KnownChunks known(0);
  for (std::size_t c = 0; c < chunks_a_series; ++c) {
    codes[c].resize(usual_chunk_samples);
    ends[c].resize(usual_chunk_samples);
    code_steps(samples[c].times, codes[c].data());
    cuts[c].first = 10 + c;
    known.add(
        {samples[c].times, codes[c].data(), ends[c].data(), c % 4 == 0 ? &cuts[c] : nullptr, {}});
  }
  for (auto _ : state) {
    for (const auto& series : target) {
      std::vector<const Chunk*> chunks;
      for (const EncodedChunk& one : series) chunks.push_back(&one.chunk);
      if (!known.have_times(chunks)) state.SkipWithError("has other times");
    }
  }
  count_samples(state, series_per_target * chunks_a_series * usual_chunk_samples);
}

/// Eight buckets, all counting up.
std::vector<HistogramSample> histogram_row() {
  std::mt19937_64 random(7);
  std::vector<HistogramSample> out(usual_chunk_samples);
  std::uint64_t buckets[8] = {};
  Timestamp t = 1795132815000;
  for (HistogramSample& one : out) {
    one.t = t += 15000 + static_cast<Timestamp>(random() % 5);
    one.h.schema = 3;
    one.h.positive_spans = {{0, 8}};
    std::uint64_t before = 0;
    for (std::uint64_t& bucket : buckets) {
      bucket += random() % 20;
      one.h.positive_deltas.push_back(static_cast<std::int64_t>(bucket - before));
      one.h.count += before = bucket;
    }
    one.h.sum = bits_of(static_cast<double>(one.h.count) * 1.7);
  }
  return out;
}

EncodedChunk encode_row(const std::vector<HistogramSample>& row) {
  HistogramEncoder encoder;
  for (const HistogramSample& one : row) encoder.append(one.t, one.h);
  return encoder.finish();
}

void decode_histogram(benchmark::State& state) {
  const EncodedChunk chunk = encode_row(histogram_row());
  DecodedChunk out;
  for (auto _ : state) {
    if (!decode(chunk.chunk, out)) state.SkipWithError("does not decode");
  }
  count_samples(state, usual_chunk_samples);
}

void encode_histogram(benchmark::State& state) {
  const std::vector<HistogramSample> row = histogram_row();
  for (auto _ : state) benchmark::DoNotOptimize(encode_row(row));
  count_samples(state, usual_chunk_samples);
}

BENCHMARK(decode_xor)->ArgName("shape")->DenseRange(constant, integer_gauge);
BENCHMARK(encode_xor)->ArgName("shape")->DenseRange(constant, integer_gauge);
BENCHMARK(slice_xor)->ArgName("shape")->DenseRange(constant, integer_gauge);
BENCHMARK(walk_known)->ArgName("shape")->DenseRange(constant, counter_jitter);
BENCHMARK(walk_known)->ArgName("shape")->Arg(integer_gauge);
BENCHMARK(decode_histogram);
BENCHMARK(encode_histogram);

}  // namespace
}  // namespace prombraid::chunk
