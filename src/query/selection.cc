#include "query/selection.h"

#include <algorithm>

namespace prombraid::query {

namespace {

class Selector {
 public:
  Selector(std::span<const Member> members, const ReplicaLabels& replica_labels)
      : members_(members), replica_labels_(replica_labels) {
    selection_.members.resize(members.size());
  }

  Result<void> add(const Matcher& matcher, bool enforced) {
    if (replica_labels_.contains(matcher.name)) return add_on_replica_label(matcher, enforced);
    for (std::size_t i = 0; i < members_.size(); ++i) {
      if (auto added = add_for_member(matcher, i); added.has_error()) return added;
    }
    return {};
  }

  /// As `add`, and what comes back is looked at again: a server takes an equality with its own
  /// external label for fulfilled, and sends series that have another value as a label of their
  /// own.
  Result<void> enforce(const Matcher& matcher) {
    if (auto added = add(matcher, true); added.has_error()) return added;
    for (MemberSelection& member : selection_.members) {
      auto compiled = CompiledMatcher::compile(matcher);
      if (compiled.has_error()) return std::move(compiled).error();
      member.post_filters.emplace_back(matcher.name, std::move(*compiled));
    }
    return {};
  }

  Selection take() && {
    // One member named by its replica label: the user looks behind the merge and must see whose
    // data it is.
    const auto asked = std::count_if(selection_.members.begin(), selection_.members.end(),
                                     [](const MemberSelection& m) { return m.asked; });
    selection_.keep_replica_labels = chosen_by_label_ && asked == 1;
    return std::move(selection_);
  }

 private:
  Result<void> add_on_replica_label(const Matcher& matcher, bool enforced) {
    auto compiled = CompiledMatcher::compile(matcher);
    if (compiled.has_error()) return std::move(compiled).error();
    std::vector<bool> takes(members_.size());
    bool any = false;
    for (std::size_t i = 0; i < members_.size(); ++i) {
      takes[i] = members_[i].external_labels.has_value() &&
                 has_label(*members_[i].external_labels, matcher.name) &&
                 compiled->matches(members_[i].external_labels->get(matcher.name));
      any = any || takes[i];
    }
    if (!any && !enforced) return add_without_member(matcher, *compiled);
    bool all = true;
    for (std::size_t i = 0; i < members_.size(); ++i) {
      if (takes[i]) continue;
      selection_.members[i].asked = false;
      all = false;
    }
    if (matcher.type == MatchType::equal) selection_.chosen.push_back(matcher);
    // A set of one is named too: `replica="r0"` of a set whose other replica is gone just now must
    // not change its label set.
    chosen_by_label_ = chosen_by_label_ || !all || matcher.type == MatchType::equal;
    return {};
  }

  Result<void> add_without_member(const Matcher& matcher, const CompiledMatcher& compiled) {
    if (compiled.matches({})) return {};
    if (matcher.type == MatchType::equal) {
      selection_.ignored.push_back(matcher);
      return {};
    }
    for (MemberSelection& member : selection_.members) member.asked = false;
    return {};
  }

  Result<void> add_for_member(const Matcher& matcher, std::size_t i) {
    MemberSelection& out = selection_.members[i];
    const auto& external = members_[i].external_labels;
    if (!external || !has_label(*external, matcher.name)) {
      out.matchers.push_back(matcher);
      return {};
    }
    auto compiled = CompiledMatcher::compile(matcher);
    if (compiled.has_error()) return std::move(compiled).error();
    if (compiled->matches(external->get(matcher.name))) {
      out.post_filters.emplace_back(matcher.name, std::move(*compiled));
    } else {
      out.matchers.push_back(matcher);
      out.matchers.push_back({MatchType::not_equal, matcher.name, ""});
    }
    return {};
  }

  static bool has_label(const Labels& labels, std::string_view name) {
    return !labels.get(name).empty();
  }

  std::span<const Member> members_;
  const ReplicaLabels& replica_labels_;
  Selection selection_;
  bool chosen_by_label_ = false;
};

}  // namespace

Result<Selection> select_members(std::span<const Matcher> matchers, std::span<const Member> members,
                                 const ReplicaLabels& replica_labels,
                                 std::span<const std::string> ignore_matchers_on,
                                 const Matcher* enforced) {
  Selector selector(members, replica_labels);
  for (const Matcher& matcher : matchers) {
    const bool ignored = std::find(ignore_matchers_on.begin(), ignore_matchers_on.end(),
                                   matcher.name) != ignore_matchers_on.end();
    if (ignored) continue;
    if (auto added = selector.add(matcher, false); added.has_error()) {
      return std::move(added).error();
    }
  }
  if (enforced != nullptr) {
    if (auto added = selector.enforce(*enforced); added.has_error()) {
      return std::move(added).error();
    }
  }
  return std::move(selector).take();
}

}  // namespace prombraid::query
