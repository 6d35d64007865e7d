#include "query/set_view.h"

#include <algorithm>
#include <limits>

namespace prombraid::query {

namespace {

/// `now - age`, or the end of time where that is beyond it.
Timestamp before(Timestamp now, std::int64_t age) {
  Timestamp out = 0;
  const bool beyond = __builtin_sub_overflow(now, age, &out);
  return beyond ? std::numeric_limits<Timestamp>::min() : out;
}

bool all_add_what_does_not_match(const SetView& set, const Matcher& matcher,
                                 const CompiledMatcher& compiled) {
  const auto refused_by = [&](const Labels& labels) {
    const std::string_view value = labels.get(matcher.name);
    return !value.empty() && !compiled.matches(value);
  };
  if (set.members.empty()) {
    return set.rules.external_labels && refused_by(*set.rules.external_labels);
  }
  return std::all_of(set.members.begin(), set.members.end(), [&](const Member& member) {
    return member.external_labels && refused_by(*member.external_labels);
  });
}

}  // namespace

bool has_required(const SetRules& rules, std::span<const Matcher> matchers) {
  return std::all_of(rules.required.begin(), rules.required.end(), [&](const Matcher& required) {
    return std::find(matchers.begin(), matchers.end(), required) != matchers.end();
  });
}

bool meets(const SetRules& rules, TimeRange range, Timestamp now) {
  if (range.empty()) return true;
  if (rules.newest_age != 0 && range.start > before(now, rules.newest_age)) return false;
  return rules.oldest_age == 0 || range.end >= before(now, rules.oldest_age);
}

Result<bool> contradicts(const SetView& set, std::span<const Matcher> matchers,
                         std::span<const std::string> ignored) {
  for (const Matcher& matcher : matchers) {
    if (set.replica_labels.contains(matcher.name)) continue;
    if (std::find(ignored.begin(), ignored.end(), matcher.name) != ignored.end()) continue;
    // Most matchers are on labels that nobody adds: nothing is compiled for them.
    const auto adds = [&](const Labels& labels) { return !labels.get(matcher.name).empty(); };
    const bool known =
        set.members.empty()
            ? set.rules.external_labels && adds(*set.rules.external_labels)
            : set.members.front().external_labels && adds(*set.members.front().external_labels);
    if (!known) continue;
    auto compiled = CompiledMatcher::compile(matcher);
    if (compiled.has_error()) return std::move(compiled).error();
    if (all_add_what_does_not_match(set, matcher, *compiled)) return true;
  }
  return false;
}

}  // namespace prombraid::query
