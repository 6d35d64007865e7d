/// prompb.Label, repeated: the labels of a series as both kinds of answer carry them.
#pragma once

#include <string_view>
#include <vector>

#include "base/error.h"
#include "series/labels.h"
#include "wire/field_writer.h"
#include "wire/read_limits.h"

namespace prombraid::wire {

/// Collects the labels of one series. To be used again for the next: it allocates no more then.
class LabelsField {
 public:
  /// One Label message; its bytes are borrowed until build().
  /// Errors: limit (max_labels, max_label_bytes), corrupt (also an empty name).
  Result<void> add(std::string_view message, const SeriesLimits& limits);

  /// The set, sorted where it was not, empty values dropped. Error: corrupt, a name twice.
  Result<Labels> build();

  void clear();

 private:
  std::vector<Label> labels_;
  std::size_t bytes_ = 0;
  bool sorted_ = true;
};

/// Of all of them as fields of number 1.
std::size_t labels_field_size(const Labels& labels);
void write_labels_field(FieldWriter& out, const Labels& labels);

}  // namespace prombraid::wire
