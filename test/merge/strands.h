/// Strands out of samples, and samples out of chunks, for tests of the merge.
#pragma once

#include <vector>

#include "chunk/decode.h"
#include "chunk/encoded_chunk.h"
#include "chunk/float_encoder.h"
#include "merge/emit.h"
#include "series/chunk.h"
#include "series/sample.h"

namespace prombraid::merge {

/// A strand of float chunks with `a_chunk` samples each.
inline Strand strand_of(const std::vector<Sample>& samples, std::size_t a_chunk) {
  Strand strand;
  chunk::FloatEncoder encoder;
  for (const Sample& sample : samples) {
    encoder.append(sample.t, sample.v);
    if (encoder.size() == a_chunk) chunk::append(encoder.finish(), strand);
  }
  if (!encoder.empty()) chunk::append(encoder.finish(), strand);
  return strand;
}

/// The samples of float chunks, one after the other.
inline std::vector<Sample> samples_of(const std::vector<Chunk>& chunks) {
  std::vector<Sample> samples;
  chunk::DecodedChunk decoded;
  for (const Chunk& c : chunks) {
    if (!chunk::decode(c, decoded)) return {};
    for (std::size_t i = 0; i < decoded.size(); ++i) {
      samples.push_back({decoded.times[i], decoded.values[i]});
    }
  }
  return samples;
}

/// Keeps what emit_samples gives.
class Kept : public SampleSink {
 public:
  void floats(std::span<const Timestamp> times, std::span<const DoubleBits> values) override {
    for (std::size_t i = 0; i < times.size(); ++i) samples.push_back({times[i], values[i]});
  }
  void histogram(Timestamp t, const Histogram& h) override { histograms.push_back({t, h}); }

  std::vector<Sample> samples;
  std::vector<HistogramSample> histograms;
};

}  // namespace prombraid::merge
