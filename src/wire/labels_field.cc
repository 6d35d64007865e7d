#include "wire/labels_field.h"

#include <algorithm>
#include <string>

namespace prombraid::wire {

namespace {

std::size_t label_size(const Label& label) {
  return bytes_field_size(1, label.name.size()) + bytes_field_size(2, label.value.size());
}

/// A label as Prometheus writes each: name and value, in their order, none longer than 127 bytes,
/// and nothing else. False where it is another.
bool decode_usual_label(std::string_view message, Label& label) {
  const auto short_field = [&](char tag, std::size_t at, std::string_view& value) {
    if (at + 2 > message.size() || message[at] != tag) return false;
    const auto length = static_cast<unsigned char>(message[at + 1]);
    if (length > 127 || length > message.size() - at - 2) return false;
    value = message.substr(at + 2, length);
    return true;
  };
  return short_field(0x0a, 0, label.name) &&
         short_field(0x12, 2 + label.name.size(), label.value) &&
         4 + label.name.size() + label.value.size() == message.size();
}

Result<Label> decode_label(std::string_view message) {
  Label label;
  if (decode_usual_label(message, label)) [[likely]]
    return label;
  label = {};
  FieldReader in(message);
  while (in.next()) {
    if (in.number() == 1) label.name = in.bytes();
    if (in.number() == 2) label.value = in.bytes();
  }
  if (!in.ok()) return in.error(ErrorKind::corrupt, "Label");
  return label;
}

}  // namespace

Result<void> LabelsField::add(std::string_view message, const SeriesLimits& limits) {
  if (labels_.size() == limits.max_labels) {
    return Error(ErrorKind::limit, "series has more labels than --limits.labels-per-series (" +
                                       std::to_string(limits.max_labels) + ")");
  }
  const Result<Label> decoded = decode_label(message);
  if (decoded.has_error()) return decoded.error();
  const Label label = *decoded;
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
