/// A series of a SAMPLES answer becomes a strand of chunks, so that the merge sees one shape.
#pragma once

#include "base/error.h"
#include "chunk/float_encoder.h"
#include "chunk/histogram_encoder.h"
#include "series/chunk.h"
#include "wire/samples_reader.h"

namespace prombraid::replica {

/// Chunks of at most 120 samples, as Prometheus cuts them. Floats and histograms come in two lists
/// and are brought into one order of time; where both have a sample at one time the float stands,
/// as in Prometheus's own client (storage/remote/codec.go, concreteSeriesIterator).
class StrandEncoder {
 public:
  /// Takes `series`'s labels and reads its histograms. Errors: corrupt.
  Result<Strand> encode(wire::SampledSeries& series);

 private:
  void put_float(const Sample& sample, Strand& strand);
  Result<void> put_histogram(const HistogramSample& sample, Strand& strand);
  void cut_floats(Strand& strand);
  void cut_histograms(Strand& strand);

  chunk::FloatEncoder floats_;
  chunk::HistogramEncoder histograms_;
  HistogramSample histogram_;
};

}  // namespace prombraid::replica
