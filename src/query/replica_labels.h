/// Which external labels tell one replica of a set from another, and so must not reach the answer.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "query/member.h"

namespace prombraid::query {

/// Without names of its own it compares: a label whose value differs between two members, or that
/// one has and another has not, is a replica label. `prometheus_replica` and `replica` count in
/// any case: they are what the field writes, and one replica alone has nothing to differ from.
///
/// What was once found to differ stays found. Were a name forgotten while one replica is down, the
/// answers of that time would carry another label set than those before and after.
class ReplicaLabels {
 public:
  /// `configured` empty: find them. Otherwise exactly these.
  explicit ReplicaLabels(std::vector<std::string> configured = {});

  /// Compares what is known of `members`. True where that found new names.
  bool learn(std::span<const Member> members);

  bool contains(std::string_view name) const {
    return (lengths_ >> length_of(name) & 1) != 0 && find(name);
  }

  /// Sorted.
  const std::vector<std::string>& names() const { return names_; }

 private:
  bool insert(std::string_view name);
  void note_lengths();
  bool find(std::string_view name) const;
  static std::size_t length_of(std::string_view name) {
    return std::min<std::size_t>(name.size(), 63);
  }

  bool fixed_;
  std::vector<std::string> names_;
  /// Of the names, a bit each. Few labels are as long as one of two or three names: so nearly
  /// always nothing is compared, for each label of each series.
  std::uint64_t lengths_ = 0;
};

/// The value by which members are ranked: the first replica label they have, else the name. Never
/// the order of arrival.
std::string rank_key(const Member& member, const ReplicaLabels& replica_labels);

}  // namespace prombraid::query
