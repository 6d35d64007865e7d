#include "wire/labels_field.h"

#include <algorithm>
#include <string>

namespace prombraid::wire {

namespace {

std::size_t label_size(const Label& label) {
  return bytes_field_size(1, label.name.size()) + bytes_field_size(2, label.value.size());
}

}  // namespace

Result<void> LabelsField::add(std::string_view message, const SeriesLimits& limits) {
  if (labels_.size() == limits.max_labels) {
    return Error(ErrorKind::limit, "series has more labels than --limits.labels-per-series (" +
                                       std::to_string(limits.max_labels) + ")");
  }
  Label label;
  FieldReader in(message);
  while (in.next()) {
    if (in.number() == 1) label.name = in.bytes();
    if (in.number() == 2) label.value = in.bytes();
  }
  if (!in.ok()) return in.error(ErrorKind::corrupt, "Label");
  if (label.name.empty()) return Error(ErrorKind::corrupt, "Label: an empty name");
  bytes_ += label.name.size() + label.value.size();
  if (bytes_ > limits.max_label_bytes) {
    return Error(ErrorKind::limit,
                 "series has longer labels than --limits.label-bytes-per-series (" +
                     std::to_string(limits.max_label_bytes) + ")");
  }
  sorted_ = sorted_ && (labels_.empty() || labels_.back().name < label.name);
  labels_.push_back(label);
  return {};
}

Result<Labels> LabelsField::build() {
  if (!sorted_) {
    std::sort(labels_.begin(), labels_.end());
    const auto twice = std::adjacent_find(labels_.begin(), labels_.end(),
                                          [](auto& a, auto& b) { return a.name == b.name; });
    if (twice != labels_.end()) {
      return Error(ErrorKind::corrupt,
                   "series: the label name \"" + std::string(twice->name) + "\" twice");
    }
  }
  return Labels::from_sorted(labels_);
}

void LabelsField::clear() {
  labels_.clear();
  bytes_ = 0;
  sorted_ = true;
}

std::size_t labels_field_size(const Labels& labels) {
  std::size_t size = 0;
  for (const Label label : labels) size += bytes_field_size(1, label_size(label));
  return size;
}

void write_labels_field(FieldWriter& out, const Labels& labels) {
  for (const Label label : labels) {
    out.head(1, label_size(label));
    out.bytes(1, label.name);
    out.bytes(2, label.value);
  }
}

}  // namespace prombraid::wire
