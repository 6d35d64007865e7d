/// One group of strands made one series, and the counting of it.
#pragma once

#include "base/error.h"
#include "merge/emit.h"
#include "merge/series_join.h"
#include "merge/series_merger.h"
#include "metrics/counters.h"
#include "query/plan.h"
#include "wire/samples_writer.h"

namespace prombraid::read {

/// Used for many series, one after the other. A strand that does not decode is left out by the
/// merge; `take_faults` says which, so that the replica is not silently ignored.
class MergedSeries {
 public:
  /// `samples` grows by those of each series.
  MergedSeries(metrics::ThreadCounters& counters, std::uint64_t& samples)
      : counters_(counters), samples_(samples) {}

  /// Decides. `group` must outlive what follows.
  void merge(const merge::SeriesJoin::Group& group, const query::Asked& asked);

  /// The series as chunks, valid until the next merge.
  Result<std::span<const Chunk>> chunks();

  /// The series into `out`, of which only samples are written. Returns how many.
  Result<std::uint64_t> write_samples(wire::SamplesWriter& out);

  /// True where no replica has a sample in the range: the series is no part of the answer.
  bool empty() const { return merger_.pieces().empty(); }

  /// For who explains it.
  std::span<const merge::Piece> pieces() const { return merger_.pieces(); }
  merge::Span interval() { return merger_.interval(); }

  std::span<const merge::Fault> faults() const { return merger_.faults(); }

 private:
  void count();

  metrics::ThreadCounters& counters_;
  std::uint64_t& samples_;
  const merge::SeriesJoin::Group* group_ = nullptr;
  merge::SeriesMerger merger_;
  merge::ChunkRow row_;
};

}  // namespace prombraid::read
