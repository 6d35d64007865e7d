/// A label set in Prometheus's order, and the comparison that every sorted stream of series obeys.
#pragma once

#include <compare>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace prombraid {

struct Label {
  std::string_view name;
  std::string_view value;

  auto operator<=>(const Label&) const = default;
};

/// A set of labels, sorted by name as bytes, no name twice, no value empty (to
/// Prometheus a label with an empty value is a label that is not there).
///
/// All bytes live in one string: a million series cost two allocations each. Views that it hands
/// out are valid for as long as it is neither moved nor destroyed.
class Labels {
 public:
  class Builder;

  class iterator {
   public:
    using value_type = Label;
    using difference_type = std::ptrdiff_t;
    using reference = Label;
    using pointer = const Label*;
    using iterator_category = std::input_iterator_tag;

    iterator(const Labels* labels, std::size_t at) : labels_(labels), at_(at) {}
    Label operator*() const { return (*labels_)[at_]; }
    iterator& operator++() {
      ++at_;
      return *this;
    }
    iterator operator++(int) { return {labels_, at_++}; }
    bool operator==(const iterator&) const = default;

   private:
    const Labels* labels_;
    std::size_t at_;
  };

  Labels() = default;

  /// The fast way in, for labels that are known to be sorted by name with no name twice: two
  /// allocations of the exact size. Empty values are dropped; all bytes together must be less than
  /// 4 GiB.
  static Labels from_sorted(std::span<const Label> labels);

  /// Of sets that begin alike the next is made from the one before: only the first `count` labels
  /// stay, size() at most, ...
  void keep_first(std::size_t count);
  /// ... and others follow. The name must be greater than all that are there, the value not empty.
  void append(Label label);

  std::size_t size() const { return ends_.size(); }
  bool empty() const { return ends_.empty(); }
  Label operator[](std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1].value;
    const End end = ends_[i];
    const std::string_view all = bytes_;
    return {all.substr(begin, end.name - begin), all.substr(end.name, end.value - end.name)};
  }
  iterator begin() const { return {this, 0}; }
  iterator end() const { return {this, size()}; }

  /// The value of `name`; empty where there is no such label.
  std::string_view get(std::string_view name) const;

  /// Takes out the labels that `dropped` is true of. Nothing is allocated.
  template <class Dropped>
  void drop_if(Dropped dropped);

  /// The bytes it holds, for memory accounting.
  std::size_t bytes() const { return bytes_.size() + ends_.size() * sizeof(End); }
  /// Those of the names and values alone.
  std::size_t text_bytes() const { return bytes_.size(); }

  bool operator==(const Labels& other) const {
    return bytes_ == other.bytes_ && ends_ == other.ends_;
  }

  /// How many of the first labels are the same in both. Neighbours in a sorted stream share most:
  /// this looks at their bytes eight at a time and not label by label.
  std::size_t shared_with(const Labels& other) const;

 private:
  struct End {
    std::uint32_t name = 0;
    std::uint32_t value = 0;
    bool operator==(const End&) const = default;
  };

  std::string bytes_;
  std::vector<End> ends_;
};

template <class Dropped>
void Labels::drop_if(Dropped dropped) {
  char* const bytes = bytes_.data();
  std::size_t kept = 0;
  std::uint32_t begin = 0;
  std::uint32_t gone = 0;  // bytes
  for (const End end : ends_) {
    const std::uint32_t size = end.value - begin;
    const std::string_view both(bytes + begin, size);
    if (dropped(Label{both.substr(0, end.name - begin), both.substr(end.name - begin)})) {
      gone += size;
    } else {
      if (gone > 0) std::memmove(bytes + begin - gone, bytes + begin, size);
      ends_[kept++] = {end.name - gone, end.value - gone};
    }
    begin = end.value;
  }
  ends_.resize(kept);
  bytes_.resize(bytes_.size() - gone);
}

/// Prometheus's labels.Compare (model/labels/labels_stringlabels.go): name then value, pair by
/// pair, as bytes; a proper prefix is the smaller one.
std::strong_ordering compare(const Labels& a, const Labels& b);

/// True where `prefix` is a proper prefix of `of`, pair by pair. Adding a label to both can turn
/// the order of such a pair round, and of no other.
bool is_proper_prefix(const Labels& prefix, const Labels& of);

/// `{__name__="up", job="x"}`, values escaped, as a person would write a selector.
std::string to_string(const Labels& labels);

/// Collects labels in any order.
class Labels::Builder {
 public:
  /// The later of two values for one name wins; an empty value removes the label.
  Builder& set(std::string_view name, std::string_view value);
  Builder& remove(std::string_view name) { return set(name, {}); }

  /// True where `name` was set, to a value that is not empty.
  bool has(std::string_view name) const;

  /// Sorts, drops what is empty, and leaves the builder empty for the next set.
  Labels build();

 private:
  std::vector<std::pair<std::string, std::string>> labels_;
};

}  // namespace prombraid
