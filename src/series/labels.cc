#include "series/labels.h"

#include <algorithm>

#include "base/first_difference.h"

namespace prombraid {

Labels Labels::from_sorted(std::span<const Label> labels) {
  std::size_t bytes = 0;
  for (const Label label : labels) bytes += label.name.size() + label.value.size();
  Labels out;
  out.bytes_.reserve(bytes);
  out.ends_.reserve(labels.size());
  for (const Label label : labels) {
    if (!label.value.empty()) out.append(label);
  }
  return out;
}

void Labels::keep_first(std::size_t count) {
  ends_.resize(count);
  bytes_.resize(count == 0 ? 0 : ends_.back().value);
}

void Labels::append(Label label) {
  bytes_.append(label.name);
  const auto name_end = static_cast<std::uint32_t>(bytes_.size());
  bytes_.append(label.value);
  ends_.push_back({name_end, static_cast<std::uint32_t>(bytes_.size())});
}

std::string_view Labels::get(std::string_view name) const {
  for (std::size_t i = 0; i < size(); ++i) {
    const Label label = (*this)[i];
    if (label.name == name) return label.value;
  }
  return {};
}

std::size_t Labels::shared_with(const Labels& other) const {
  const std::size_t most = std::min(size(), other.size());
  const std::size_t same = first_difference(bytes_, other.bytes_);
  std::size_t i = 0;
  while (i < most && ends_[i].value <= same && ends_[i] == other.ends_[i]) ++i;
  return i;
}

std::strong_ordering compare(const Labels& a, const Labels& b) {
  const std::size_t i = a.shared_with(b);
  if (i < std::min(a.size(), b.size())) return a[i] <=> b[i];
  return a.size() <=> b.size();
}

bool is_proper_prefix(const Labels& prefix, const Labels& of) {
  return prefix.size() < of.size() && prefix.shared_with(of) == prefix.size();
}

namespace {

void append_escaped(std::string& out, std::string_view value) {
  for (const char c : value) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
}

}  // namespace

std::string to_string(const Labels& labels) {
  std::string out = "{";
  for (const Label label : labels) {
    if (out.size() > 1) out += ", ";
    out += label.name;
    out += "=\"";
    append_escaped(out, label.value);
    out += '"';
  }
  return out += "}";
}

Labels::Builder& Labels::Builder::set(std::string_view name, std::string_view value) {
  for (auto& [have, old] : labels_) {
    if (have == name) {
      old = value;
      return *this;
    }
  }
  labels_.emplace_back(name, value);
  return *this;
}

bool Labels::Builder::has(std::string_view name) const {
  return std::any_of(labels_.begin(), labels_.end(), [&](const auto& label) {
    return label.first == name && !label.second.empty();
  });
}

Labels Labels::Builder::build() {
  // Prometheus sends labels sorted, so this is nearly always one pass that moves nothing.
  std::sort(labels_.begin(), labels_.end());
  std::vector<Label> sorted;
  sorted.reserve(labels_.size());
  for (const auto& [name, value] : labels_) sorted.push_back({name, value});
  Labels out = from_sorted(sorted);
  labels_.clear();
  return out;
}

}  // namespace prombraid
