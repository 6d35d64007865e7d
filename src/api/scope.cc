#include "api/scope.h"

#include <algorithm>
#include <charconv>

#include "base/instant.h"
#include "query/selector.h"

namespace prombraid::api {

namespace {

Error invalid(const char* parameter, const std::string& why) {
  return Error(ErrorKind::bad_request,
               std::string("invalid parameter \"") + parameter + "\": " + why);
}

Result<std::string> instant(const Form& form, const char* parameter) {
  const auto text = form.get(parameter);
  if (!text) return std::string();
  if (auto parsed = parse_instant(*text); parsed.has_error()) {
    return invalid(parameter, parsed.error().what);
  }
  return std::string(*text);
}

Result<std::size_t> limit_of(const Form& form) {
  const auto text = form.get("limit");
  if (!text) return std::size_t{0};
  std::size_t limit = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), limit);
  if (problem != std::errc() || end != text->data() + text->size()) {
    return invalid("limit", "it must be a number of at least 0");
  }
  return limit;
}

bool takes_absent(const Matcher& matcher) {
  auto compiled = CompiledMatcher::compile(matcher);
  return !compiled.has_error() && compiled->matches({});
}

std::string quoted_regex(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (std::string_view("\\.+*?()|[]{}^$").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

/// A matcher that the member's external label satisfies, as a replica must be asked it: a series
/// without the label counts, one with a label of its own must satisfy it. Nothing where PromQL has
/// no way to say that.
std::optional<Matcher> or_absent(const Matcher& matcher) {
  if (takes_absent(matcher)) return matcher;
  if (matcher.type == MatchType::equal) {
    return Matcher{MatchType::regex, matcher.name, "|" + quoted_regex(matcher.value)};
  }
  if (matcher.type == MatchType::regex) {
    return Matcher{MatchType::regex, matcher.name, "|(?:" + matcher.value + ")"};
  }
  return std::nullopt;
}

/// `selector` is what the user wrote, `chosen` what is left of it for one member.
std::vector<Matcher> matchers_for(std::span<const Matcher> selector,
                                  const query::MemberSelection& chosen) {
  std::vector<Matcher> out = chosen.matchers;
  for (const auto& [name, compiled] : chosen.post_filters) {
    for (const Matcher& matcher : selector) {
      if (matcher.name != name) continue;
      if (auto added = or_absent(matcher)) out.push_back(*std::move(added));
    }
  }
  return out;
}

/// PromQL takes names beyond the classic ones in quotes; to_string writes them as they are.
bool classic(std::string_view name) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !name.empty() && letter(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

std::string matcher_text(const Matcher& matcher) {
  if (classic(matcher.name)) return to_string(matcher);
  Matcher unnamed = matcher;
  unnamed.name.clear();
  Matcher name{MatchType::equal, "", matcher.name};
  return to_string(name).substr(1) + to_string(unnamed);
}

/// Prometheus refuses a selector that takes a series without any label.
std::string selector_text(std::vector<Matcher> matchers) {
  if (std::all_of(matchers.begin(), matchers.end(), takes_absent)) {
    matchers.push_back({MatchType::not_equal, "__name__", ""});
  }
  std::string out = "{";
  for (const Matcher& matcher : matchers) {
    out += (out.size() > 1 ? "," : "") + matcher_text(matcher);
  }
  return out + "}";
}

void append(std::string& out, std::string_view name, std::string_view value) {
  if (!out.empty()) out += '&';
  out.append(name).append("=").append(percent_encoded(value));
}

}  // namespace

Result<Scope> scope_of(const Form& form) {
  Scope scope;
  const auto matches = form.all("match[]");
  if (matches.size() > max_selectors) {
    return invalid("match[]", "at most " + std::to_string(max_selectors) + " of them are taken");
  }
  for (const std::string_view text : matches) {
    auto matchers = query::parse_selector(text);
    if (matchers.has_error()) return invalid("match[]", matchers.error().what);
    scope.selectors.push_back(*std::move(matchers));
  }
  auto start = instant(form, "start");
  if (start.has_error()) return std::move(start).error();
  auto end = instant(form, "end");
  if (end.has_error()) return std::move(end).error();
  auto limit = limit_of(form);
  if (limit.has_error()) return std::move(limit).error();
  scope.start = *std::move(start);
  scope.end = *std::move(end);
  scope.limit = *limit;
  return scope;
}

Result<std::vector<MemberScope>> members_asked(const Scope& scope,
                                               std::span<const query::Member> members,
                                               const query::ReplicaLabels& replica_labels,
                                               std::span<const std::string> ignore_matchers_on) {
  std::vector<MemberScope> all(members.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i].member = i;
  if (scope.selectors.empty()) return all;
  for (const auto& selector : scope.selectors) {
    auto selection = query::select_members(selector, members, replica_labels, ignore_matchers_on);
    if (selection.has_error()) return std::move(selection).error();
    for (std::size_t i = 0; i < all.size(); ++i) {
      query::MemberSelection& chosen = selection->members[i];
      if (!chosen.asked) continue;
      all[i].keep_replica_labels |= selection->keep_replica_labels;
      all[i].selectors.push_back(
          {selector_text(matchers_for(selector, chosen)), std::move(chosen.post_filters)});
    }
  }
  std::erase_if(all, [](const MemberScope& one) { return one.selectors.empty(); });
  return all;
}

std::string query_string(const Scope& scope, const MemberScope& member,
                         const std::optional<Matcher>& also) {
  std::string out;
  for (const MemberSelector& selector : member.selectors) {
    std::string text = selector.text;
    if (also) text.insert(text.size() - 1, "," + matcher_text(*also));
    append(out, "match[]", text);
  }
  if (member.selectors.empty() && also) append(out, "match[]", selector_text({*also}));
  if (!scope.start.empty()) append(out, "start", scope.start);
  if (!scope.end.empty()) append(out, "end", scope.end);
  if (scope.limit > 0) append(out, "limit", std::to_string(scope.limit));
  return out;
}

Labels shown_labels(const query::Member& member, const query::ReplicaLabels& replica_labels,
                    bool keep_replica_labels) {
  Labels::Builder out;
  if (!member.external_labels) return out.build();
  for (const Label label : *member.external_labels) {
    if (!keep_replica_labels && replica_labels.contains(label.name)) continue;
    out.set(label.name, label.value);
  }
  return out.build();
}

}  // namespace prombraid::api
