#include "series/matcher.h"

#include <re2/re2.h>

namespace prombraid {

namespace {

const char* sign_of(MatchType type) {
  switch (type) {
    case MatchType::equal:
      return "=";
    case MatchType::not_equal:
      return "!=";
    case MatchType::regex:
      return "=~";
    case MatchType::not_regex:
      return "!~";
  }
  return "?";
}

}  // namespace

std::string to_string(const Matcher& matcher) {
  return matcher.name + sign_of(matcher.type) + '"' + matcher.value + '"';
}

CompiledMatcher::CompiledMatcher(MatchType type, std::string value, std::unique_ptr<re2::RE2> regex)
    : type_(type), value_(std::move(value)), regex_(std::move(regex)) {}

CompiledMatcher::CompiledMatcher(CompiledMatcher&&) noexcept = default;
CompiledMatcher& CompiledMatcher::operator=(CompiledMatcher&&) noexcept = default;
CompiledMatcher::~CompiledMatcher() = default;

Result<CompiledMatcher> CompiledMatcher::compile(const Matcher& matcher) {
  std::unique_ptr<re2::RE2> regex;
  if (matcher.type == MatchType::regex || matcher.type == MatchType::not_regex) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_dot_nl(true);
    options.set_max_mem(8 << 20);
    regex = std::make_unique<re2::RE2>(matcher.value, options);
    if (!regex->ok()) {
      return Error(ErrorKind::bad_request,
                   "matcher " + to_string(matcher) + ": bad regular expression: " + regex->error());
    }
  }
  return CompiledMatcher(matcher.type, matcher.value, std::move(regex));
}

bool CompiledMatcher::matches(std::string_view value) const {
  const auto in_regex = [&] {
    return re2::RE2::FullMatch(re2::StringPiece(value.data(), value.size()), *regex_);
  };
  switch (type_) {
    case MatchType::equal:
      return value == value_;
    case MatchType::not_equal:
      return value != value_;
    case MatchType::regex:
      return in_regex();
    case MatchType::not_regex:
      return !in_regex();
  }
  return false;
}

}  // namespace prombraid
