/// The wire against the generated Protobuf classes: frames by bytes, SAMPLES by samples.
#include <benchmark/benchmark.h>

#include "wire/crc32c.h"
#include "wire/frame_reader.h"
#include "wire/frame_writer.h"
#include "wire/oracle.h"

namespace prombraid::wire {
namespace {

constexpr std::size_t chunk_count = 48;
constexpr std::size_t chunk_bytes = 400;
constexpr int series_count = 100;
constexpr int samples_count = 1000;

Labels example_labels() {
  Labels::Builder labels;
  for (const char* name : {"__name__", "container", "instance", "job", "namespace", "pod"}) {
    labels.set(name, std::string(name) + "-value-0123456789");
  }
  return labels.build();
}

std::string example_data() {
  std::string data;
  for (std::uint32_t i = 0; i < chunk_bytes; ++i) {
    data += static_cast<char>(i * 2654435761U >> 24);
  }
  return data;
}

std::string example_frame() {
  const std::string data = example_data();
  const std::vector<Chunk> chunks(chunk_count,
                                  Chunk{1700000000000, 1700001785000, Encoding::xor_float, data});
  const Labels labels = example_labels();
  Bytes out;
  append_frame(0, labels, chunks, {0, labels, chunks}, out);
  return std::string(out.view());
}

prometheus::ReadResponse example_answer() {
  prometheus::ReadResponse answer;
  auto& result = *answer.add_results();
  for (int i = 0; i < series_count; ++i) {
    auto& series = *result.add_timeseries();
    for (const Label label : example_labels()) {
      auto& to = *series.add_labels();
      to.set_name(std::string(label.name));
      to.set_value(std::string(label.value));
    }
    for (int k = 0; k < samples_count; ++k) {
      auto& sample = *series.add_samples();
      sample.set_timestamp(1700000000000 + 15000 * k + (k * 37) % 11);
      sample.set_value(i * 1e4 + k * 17.25);
    }
  }
  return answer;
}

void count_bytes(benchmark::State& state, std::size_t bytes) {
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes * state.iterations()));
}
void count_samples(benchmark::State& state) {
  state.SetItemsProcessed(series_count * samples_count * state.iterations());
}

void checksum(benchmark::State& state) {
  const Crc32cPath path = crc32c_paths().at(static_cast<std::size_t>(state.range(0)));
  const std::string bytes(1 << 16, 'x');
  for (auto _ : state) benchmark::DoNotOptimize(path.extend(0, bytes));
  state.SetLabel(path.name);
  count_bytes(state, bytes.size());
}

void frame_decode(benchmark::State& state) {
  const std::string bytes = example_frame();
  FrameReader reader(1 << 20);
  FrameDecoder decoder({});
  ChunkedFrame frame;
  for (auto _ : state) {
    reader.feed(bytes);
    const auto message = **reader.next();
    if (decoder.decode({message.data(), message.size()}, frame).has_error()) {
      state.SkipWithError("does not decode");
    }
  }
  count_bytes(state, bytes.size());
}

void frame_decode_protobuf(benchmark::State& state) {
  const std::string bytes = example_frame();
  prometheus::ChunkedReadResponse frame;
  for (auto _ : state) {
    FrameReader reader(1 << 20);
    reader.feed(bytes);
    const auto message = **reader.next();
    benchmark::DoNotOptimize(
        frame.ParseFromArray(message.data(), static_cast<int>(message.size())));
  }
  count_bytes(state, bytes.size());
}

void frame_encode(benchmark::State& state) {
  const std::string data = example_data();
  const std::vector<Chunk> chunks(chunk_count,
                                  Chunk{1700000000000, 1700001785000, Encoding::xor_float, data});
  const Labels labels = example_labels();
  Bytes out;
  for (auto _ : state) {
    out.clear();
    append_frame(0, labels, chunks, {0, labels, chunks}, out);
    benchmark::DoNotOptimize(out.data());
  }
  count_bytes(state, out.size());
}

void samples_decode(benchmark::State& state) {
  const std::string body = compressed(example_answer().SerializeAsString());
  SampledSeries series;
  for (auto _ : state) {
    auto reader = SamplesReader::open(body, {});
    while (*reader->next(series)) benchmark::DoNotOptimize(series.floats.data());
  }
  count_samples(state);
}

void samples_decode_protobuf(benchmark::State& state) {
  const std::string body = compressed(example_answer().SerializeAsString());
  prometheus::ReadResponse answer;
  for (auto _ : state) benchmark::DoNotOptimize(answer.ParseFromString(uncompressed(body)));
  count_samples(state);
}

void samples_encode(benchmark::State& state) {
  std::vector<Sample> samples;
  for (int k = 0; k < samples_count; ++k) {
    samples.push_back({1700000000000 + 15000 * k + (k * 37) % 11, bits_of(k * 17.25)});
  }
  const Labels labels = example_labels();
  for (auto _ : state) {
    SamplesWriter writer;
    writer.begin_result();
    for (int i = 0; i < series_count; ++i) {
      for (int k = 0; k < samples_count; ++k) {
        samples[static_cast<std::size_t>(k)].v = bits_of(i * 1e4 + k * 17.25);
      }
      writer.begin_series(labels);
      writer.add(samples);
      writer.end_series();
    }
    benchmark::DoNotOptimize(writer.finish());
  }
  count_samples(state);
}

void samples_encode_protobuf(benchmark::State& state) {
  const prometheus::ReadResponse answer = example_answer();
  for (auto _ : state) benchmark::DoNotOptimize(compressed(answer.SerializeAsString()));
  count_samples(state);
}

BENCHMARK(checksum)->DenseRange(0, static_cast<std::int64_t>(crc32c_paths().size()) - 1);
BENCHMARK(frame_decode);
BENCHMARK(frame_decode_protobuf);
BENCHMARK(frame_encode);
BENCHMARK(samples_decode);
BENCHMARK(samples_decode_protobuf);
BENCHMARK(samples_encode);
BENCHMARK(samples_encode_protobuf);

}  // namespace
}  // namespace prombraid::wire
