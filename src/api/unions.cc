#include "api/unions.h"

#include <algorithm>

#include "api/answer.h"

namespace prombraid::api {

namespace {

namespace json = boost::json;

Error odd(const char* what) {
  return Error(ErrorKind::unsupported, std::string("its data is not ") + what);
}

std::string_view view(const json::string& text) {
  return {text.data(), text.size()};
}

std::string text_in(const json::object& object, json::string_view name) {
  const json::value* value = object.if_contains(name);
  const json::string* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : std::string(view(*text));
}

std::size_t shown(std::size_t size, std::size_t limit) {
  return limit == 0 ? size : std::min(size, limit);
}

/// The filters are of a selector whose other matchers the replica has applied.
bool passes(const Labels& own, const MemberSelector& selector) {
  return std::all_of(selector.post_filters.begin(), selector.post_filters.end(),
                     [&](const auto& f) {
                       const std::string_view value = own.get(f.first);
                       return value.empty() || f.second.matches(value);
                     });
}

Result<Labels> own_labels(const json::value& value) {
  const json::object* object = value.if_object();
  if (object == nullptr) return odd("an array of label sets");
  Labels::Builder out;
  for (const auto& [name, text] : *object) {
    if (!text.is_string()) return odd("an array of label sets");
    out.set({name.data(), name.size()}, view(text.get_string()));
  }
  return out.build();
}

void append_json(std::string& out, const Labels& labels) {
  out += '{';
  bool first = true;
  for (const Label label : labels) {
    out += (first ? "" : ",") + quoted(label.name) + ":" + quoted(label.value);
    first = false;
  }
  out += '}';
}

}  // namespace

Result<void> NameUnion::add(const json::value& data) {
  // Prometheus says null for none.
  if (data.is_null()) return {};
  const json::array* names = data.if_array();
  if (names == nullptr) return odd("an array of names");
  names_.reserve(names_.size() + names->size());
  for (const json::value& name : *names) {
    const json::string* text = name.if_string();
    if (text == nullptr) return odd("an array of names");
    names_.emplace_back(view(*text));
  }
  settle();
  return {};
}

/// After each replica, so that equal answers of many are held once.
void NameUnion::settle() {
  std::sort(names_.begin(), names_.end());
  names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
}

void NameUnion::add(NameUnion&& other) {
  if (names_.empty()) names_.swap(other.names_);
  for (std::string& name : other.names_) names_.push_back(std::move(name));
  settle();
}

void NameUnion::remove(std::string_view name) {
  std::erase(names_, name);
}

std::string NameUnion::json(std::size_t limit) {
  settle();
  std::string out = "[";
  for (std::size_t i = 0; i < shown(names_.size(), limit); ++i) {
    out += (i == 0 ? "" : ",") + quoted(names_[i]);
  }
  return out + "]";
}

Result<void> SeriesUnion::add(const json::value& data, const Labels& external,
                              std::span<const MemberSelector> selectors,
                              const query::ReplicaLabels& dropped, bool keep_replica_labels) {
  if (data.is_null()) return {};
  const json::array* all = data.if_array();
  if (all == nullptr) return odd("an array of label sets");
  for (const json::value& one : *all) {
    auto own = own_labels(one);
    if (own.has_error()) return std::move(own).error();
    const bool wanted = std::any_of(selectors.begin(), selectors.end(),
                                    [&](const MemberSelector& s) { return passes(*own, s); });
    if (!selectors.empty() && !wanted) continue;
    Labels::Builder shown;
    for (const Label label : external) shown.set(label.name, label.value);
    for (const Label label : *own) {
      const bool drop = !keep_replica_labels && dropped.contains(label.name);
      if (!drop) shown.set(label.name, label.value);
    }
    series_.push_back(shown.build());
  }
  std::sort(series_.begin(), series_.end(),
            [](const Labels& a, const Labels& b) { return compare(a, b) < 0; });
  series_.erase(std::unique(series_.begin(), series_.end()), series_.end());
  return {};
}

std::string SeriesUnion::json(std::size_t limit) {
  std::string out = "[";
  for (std::size_t i = 0; i < shown(series_.size(), limit); ++i) {
    if (i > 0) out += ',';
    append_json(out, series_[i]);
  }
  return out + "]";
}

Result<void> MetadataUnion::add(const json::value& data) {
  if (data.is_null()) return {};
  const json::object* metrics = data.if_object();
  if (metrics == nullptr) return odd("an object of metrics");
  for (const auto& [name, forms] : *metrics) {
    if (!forms.is_array()) return odd("an object of arrays");
    auto& known = metrics_[std::string(name.data(), name.size())];
    for (const json::value& form : forms.get_array()) {
      if (!form.is_object()) return odd("an object of arrays of objects");
      const json::object& said = form.get_object();
      known.emplace(text_in(said, "type"), text_in(said, "help"), text_in(said, "unit"));
    }
  }
  return {};
}

std::string MetadataUnion::json(std::size_t limit, std::size_t limit_per_metric) const {
  std::string out = "{";
  std::size_t metrics = 0;
  for (const auto& [name, forms] : metrics_) {
    if (limit > 0 && metrics == limit) break;
    out += (metrics++ == 0 ? "" : ",") + quoted(name) + ":[";
    std::size_t count = 0;
    for (const auto& [type, help, unit] : forms) {
      if (limit_per_metric > 0 && count == limit_per_metric) break;
      out += (count++ == 0 ? "" : ",") + (R"({"type":)" + quoted(type)) + R"(,"help":)" +
             quoted(help) + R"(,"unit":)" + quoted(unit) + "}";
    }
    out += ']';
  }
  return out + "}";
}

}  // namespace prombraid::api
