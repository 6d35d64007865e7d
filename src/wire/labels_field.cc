#include "wire/labels_field.h"

#include <algorithm>
#include <string>

#include "base/first_difference.h"
#include "wire/field_reader.h"

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

/// What stands before a label mostly: its tag and one byte of length.
constexpr std::size_t label_head = 2;

}  // namespace

std::size_t LabelsField::begin(std::string_view message) {
  message_ = message;
  loose_.clear();
  const std::size_t same = first_difference(message, known_);
  std::size_t count = 0;
  while (count < known_ends_.size() && known_ends_[count] <= same) ++count;
  known_ends_.resize(count);
  known_.resize(count == 0 ? 0 : known_ends_.back());
  labels_.keep_first(count);
  bytes_ = labels_.text_bytes();
  return known_.size();
}

Result<void> LabelsField::add(std::string_view message) {
  if (labels_.size() + loose_.size() == limits_.max_labels) {
    return Error(ErrorKind::limit, "series has more labels than --limits.labels-per-series (" +
                                       std::to_string(limits_.max_labels) + ")");
  }
  const Result<Label> decoded = decode_label(message);
  if (decoded.has_error()) return decoded.error();
  const Label label = *decoded;
  if (label.name.empty()) return Error(ErrorKind::corrupt, "Label: an empty name");
  bytes_ += label.name.size() + label.value.size();
  if (bytes_ > limits_.max_label_bytes) {
    return Error(ErrorKind::limit,
                 "series has longer labels than --limits.label-bytes-per-series (" +
                     std::to_string(limits_.max_label_bytes) + ")");
  }
  if (follows(label)) {
    append(label, message);
  } else {
    loose_.push_back(label);
  }
  return {};
}

bool LabelsField::follows(Label label) const {
  if (!loose_.empty() || label.value.empty()) return false;
  return labels_.empty() || labels_[labels_.size() - 1].name < label.name;
}

/// Once one label does not adjoin the one before it, none behind it does.
void LabelsField::append(Label label, std::string_view message) {
  labels_.append(label);
  const std::size_t begin = known_ends_.empty() ? 0 : known_ends_.back();
  if (message.data() != message_.data() + begin + label_head) return;
  known_ends_.push_back(begin + label_head + message.size());
}

Result<void> LabelsField::build(Labels& out) {
  known_.assign(message_, 0, known_ends_.empty() ? 0 : known_ends_.back());
  if (!loose_.empty()) return sort(out);
  out = labels_;
  return {};
}

Result<void> LabelsField::sort(Labels& out) {
  std::vector<Label> all(labels_.begin(), labels_.end());
  all.insert(all.end(), loose_.begin(), loose_.end());
  std::sort(all.begin(), all.end());
  const auto twice =
      std::adjacent_find(all.begin(), all.end(), [](auto& a, auto& b) { return a.name == b.name; });
  if (twice != all.end()) {
    return Error(ErrorKind::corrupt,
                 "series: the label name \"" + std::string(twice->name) + "\" twice");
  }
  out = Labels::from_sorted(all);
  return {};
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
