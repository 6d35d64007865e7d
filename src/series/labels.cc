#include "series/labels.h"

#include <algorithm>

namespace prombraid {

Labels Labels::from_sorted(std::span<const Label> labels) {
  std::size_t bytes = 0;
  for (const Label label : labels) bytes += label.name.size() + label.value.size();
  Labels out;
  out.bytes_.reserve(bytes);
  out.ends_.reserve(labels.size());
  for (const Label label : labels) {
    if (label.value.empty()) continue;
    out.bytes_ += label.name;
    const auto name_end = static_cast<std::uint32_t>(out.bytes_.size());
    out.bytes_ += label.value;
    out.ends_.push_back({name_end, static_cast<std::uint32_t>(out.bytes_.size())});
  }
  return out;
}

Label Labels::operator[](std::size_t i) const {
  const std::size_t begin = i == 0 ? 0 : ends_[i - 1].value;
  const End end = ends_[i];
  const std::string_view all = bytes_;
  return {all.substr(begin, end.name - begin), all.substr(end.name, end.value - end.name)};
}

std::string_view Labels::get(std::string_view name) const {
  for (std::size_t i = 0; i < size(); ++i) {
    const Label label = (*this)[i];
    if (label.name == name) return label.value;
  }
  return {};
}

std::strong_ordering compare(const Labels& a, const Labels& b) {
  const std::size_t shared = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < shared; ++i) {
    if (const auto order = a[i] <=> b[i]; order != 0) return order;
  }
  return a.size() <=> b.size();
}

bool is_proper_prefix(const Labels& prefix, const Labels& of) {
  if (prefix.size() >= of.size()) return false;
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    if (prefix[i] != of[i]) return false;
  }
  return true;
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
  Labels out;
  out.ends_.reserve(labels_.size());
  for (const auto& [name, value] : labels_) {
    if (value.empty()) continue;
    out.bytes_ += name;
    const auto name_end = static_cast<std::uint32_t>(out.bytes_.size());
    out.bytes_ += value;
    out.ends_.push_back({name_end, static_cast<std::uint32_t>(out.bytes_.size())});
  }
  labels_.clear();
  return out;
}

}  // namespace prombraid
