/// prompb.Label, repeated: the labels of a series as both kinds of answer carry them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "series/labels.h"
#include "wire/field_writer.h"
#include "wire/read_limits.h"

namespace prombraid::wire {

/// Collects the labels of one series after the other. Neighbours in an answer share most of them:
/// what is coded as it was in the series before is not read again.
class LabelsField {
 public:
  explicit LabelsField(const SeriesLimits& limits) : limits_(limits) {}

  /// A series, whose labels are in `message`, which is borrowed until build(). So many of its first
  /// bytes are labels that the series before began with: they are added already.
  std::size_t begin(std::string_view message);

  /// The next Label message of the series.
  /// Errors: limit (max_labels, max_label_bytes), corrupt (also an empty name).
  Result<void> add(std::string_view label);

  /// The set, sorted where it was not, empty values dropped. Error: corrupt, a name twice.
  Result<void> build(Labels& out);

 private:
  bool follows(Label label) const;
  void append(Label label, std::string_view message);
  Result<void> sort(Labels& out);

  SeriesLimits limits_;
  std::string_view message_;
  Labels labels_;             ///< as far as they came in order
  std::vector<Label> loose_;  ///< from the first on that did not
  std::size_t bytes_ = 0;     ///< of all
  /// The begin of the message, where one after the other is a label of `labels_`, and how far each
  /// of them reaches.
  std::string known_;
  std::vector<std::size_t> known_ends_;
};

/// Of all of them as fields of number 1.
std::size_t labels_field_size(const Labels& labels);
void write_labels_field(FieldWriter& out, const Labels& labels);

}  // namespace prombraid::wire
