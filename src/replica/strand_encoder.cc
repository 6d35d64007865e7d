#include "replica/strand_encoder.h"

namespace prombraid::replica {

Result<Strand> StrandEncoder::encode(wire::SampledSeries& series) {
  Strand strand;
  strand.labels = std::move(series.labels);
  // Whatever an earlier, failed series left behind.
  floats_ = {};
  histograms_ = {};
  std::size_t at = 0;
  for (;;) {
    auto more = series.next_histogram(histogram_);
    if (!more) return more.error();
    while (at < series.floats.size() && (!*more || series.floats[at].t <= histogram_.t)) {
      put_float(series.floats[at++], strand);
    }
    if (!*more) break;
    const bool taken = at > 0 && series.floats[at - 1].t == histogram_.t;
    if (taken) continue;
    if (auto put = put_histogram(histogram_, strand); !put) return put.error();
  }
  cut_floats(strand);
  cut_histograms(strand);
  return strand;
}

void StrandEncoder::put_float(const Sample& sample, Strand& strand) {
  cut_histograms(strand);
  if (floats_.size() == chunk::usual_chunk_samples) cut_floats(strand);
  floats_.append(sample.t, sample.v);
}

Result<void> StrandEncoder::put_histogram(const HistogramSample& sample, Strand& strand) {
  if (!chunk::well_formed(sample.h)) {
    return Error(ErrorKind::corrupt, "histogram whose spans and buckets do not agree, in series " +
                                         to_string(strand.labels));
  }
  cut_floats(strand);
  const bool full = histograms_.size() == chunk::usual_chunk_samples;
  if (full || !histograms_.fits(sample.h)) cut_histograms(strand);
  histograms_.append(sample.t, sample.h);
  return {};
}

void StrandEncoder::cut_floats(Strand& strand) {
  if (!floats_.empty()) chunk::append(floats_.finish(), strand);
}

void StrandEncoder::cut_histograms(Strand& strand) {
  if (!histograms_.empty()) chunk::append(histograms_.finish(), strand);
}

}  // namespace prombraid::replica
