#include "read/tenant.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"

namespace prombraid::read {

namespace {

constexpr std::size_t longest_value = 1024;

Error refused(const TenantRules& rules, const std::string& what) {
  return {ErrorKind::bad_request, "the header " + rules.header + " " + what +
                                      ": it says which series may be read here (by the label " +
                                      rules.enforced + ")"};
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_control);
}

}  // namespace

std::string passed_lines(const TenantRules& rules, const server::Request& request) {
  std::string out;
  for (const std::string& name : rules.pass_headers) {
    const bool anew =
        equal_ignoring_case(name, "traceparent") || equal_ignoring_case(name, "tracestate");
    if (request.trace && anew) continue;
    for (const server::Header& header : request.headers) {
      if (!equal_ignoring_case(header.name, name) || has_control(header.value)) continue;
      out.append(name).append(": ").append(header.value).append("\r\n");
    }
  }
  return out;
}

Result<std::optional<Matcher>> enforced_matcher(const TenantRules& rules,
                                                const server::Request& request) {
  if (rules.enforced.empty()) return std::optional<Matcher>();
  if (rules.header.empty()) {
    return std::optional(Matcher{MatchType::equal, rules.enforced, rules.value});
  }
  std::string_view value;
  std::size_t found = 0;
  for (const server::Header& header : request.headers) {
    if (!equal_ignoring_case(header.name, rules.header)) continue;
    value = trim_spaces(header.value);
    ++found;
  }
  if (found == 0) return refused(rules, "is missing");
  if (found > 1) return refused(rules, "is there more than once");
  // A label that is empty is one that is not there: such a matcher finds what belongs to nobody.
  if (value.empty()) return refused(rules, "is empty");
  if (value.size() > longest_value) return refused(rules, "is too long");
  if (has_control(value) || valid_utf8(value) != value) return refused(rules, "is not UTF-8 text");
  return std::optional(Matcher{MatchType::equal, rules.enforced, std::string(value)});
}

}  // namespace prombraid::read
