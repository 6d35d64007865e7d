/// A replica's SAMPLES answer: one snappy block that holds a prompb.ReadResponse, read series by
/// series.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "series/labels.h"
#include "series/sample.h"
#include "wire/bytes.h"
#include "wire/field_reader.h"
#include "wire/labels_field.h"
#include "wire/read_limits.h"

namespace prombraid::wire {

/// One series of the answer. Its histograms are decoded one at a time, into the caller's.
class SampledSeries {
 public:
  std::size_t result = 0;  ///< index of the query that it answers
  Labels labels;
  std::vector<Sample> floats;  ///< in the order sent

  bool has_histograms() const { return histogram_count_ > 0; }
  std::size_t histogram_count() const { return histogram_count_; }

  /// The next histogram, in the order sent, into `out` (whose capacity is used again); false after
  /// the last. Error: corrupt, where it does not decode or its spans and buckets do not agree.
  Result<bool> next_histogram(HistogramSample& out);

 private:
  friend class SamplesReader;

  std::size_t histogram_count_ = 0;
  FieldReader rest_;  // over the TimeSeries, from the next histogram on
};

class SamplesReader {
 public:
  /// Uncompresses `snappy_body`; nothing of it is borrowed. The decoded answer is held until the
  /// reader is destroyed. Errors: limit (max_answer_bytes, before allocation), corrupt.
  static Result<SamplesReader> open(std::string_view snappy_body, const AnswerLimits& limits);

  /// How many results there are: it must be the number of queries asked.
  std::size_t results() const { return results_; }

  /// The next series into `out` (whose capacity is used again); false after the last. `out` may
  /// be read as long as this reader lives. Errors: limit, corrupt; labels as in
  /// decode_chunked_frame. After an error it is not to be called again.
  Result<bool> next(SampledSeries& out);

  /// The bytes it holds, for memory accounting.
  std::size_t bytes() const { return decoded_.capacity(); }

 private:
  SamplesReader(Bytes decoded, const AnswerLimits& limits);
  Error bad_sample(const SampledSeries& out) const;
  Result<void> decode_series(std::string_view message, SampledSeries& out);

  Bytes decoded_;
  AnswerLimits limits_;
  LabelsField labels_;
  std::size_t results_ = 0;
  std::size_t begun_ = 0;  // results that have begun
  FieldReader answer_;     // over the ReadResponse
  FieldReader result_;     // over the QueryResult that is being read
};

}  // namespace prombraid::wire
