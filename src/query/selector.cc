#include "query/selector.h"

#include <algorithm>
#include <string>
#include <utility>

#include "query/quoted.h"

namespace prombraid::query {
namespace {

constexpr std::string_view metric_name = "__name__";

bool is_letter(char c) {
  return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
  return '0' <= c && c <= '9';
}

/// One left-to-right pass over the text; `at_` is where it stands.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<std::vector<Matcher>> run() {
    skip_blanks();
    if (is_letter(peek()) || peek() == ':') {
      named_ = selective_ = true;
      matchers_.push_back({MatchType::equal, std::string(metric_name), identifier(true)});
      skip_blanks();
    }
    if (peek() == '{') {
      if (auto list = braces(); list.has_error()) return std::move(list).error();
    }
    skip_blanks();
    if (!done())
      return fault(at_,
                   matchers_.empty() ? "expected a metric name or '{'" : "no more was expected");
    if (matchers_.empty()) return fault(0, "an empty selector");
    if (!selective_)
      return fault(0, "every matcher takes an absent label too, so all series match");
    return std::move(matchers_);
  }

 private:
  bool done() const { return at_ >= text_.size(); }
  char peek() const { return done() ? '\0' : text_[at_]; }
  bool take(char c) {
    if (done() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void skip_blanks() {
    while (!done() && std::string_view(" \t\n\r").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  static Error fault(std::size_t at, std::string_view what) {
    return Error(ErrorKind::bad_request,
                 "at position " + std::to_string(at + 1) + ": " + std::string(what));
  }

  std::string identifier(bool colons) {
    const std::size_t from = at_;
    while (is_letter(peek()) || (is_digit(peek()) && at_ > from) || (colons && peek() == ':'))
      ++at_;
    return std::string(text_.substr(from, at_ - from));
  }

  Result<void> braces() {
    take('{');
    for (;;) {
      skip_blanks();
      if (take('}')) return {};
      if (auto matcher = one_matcher(); matcher.has_error()) return matcher;
      skip_blanks();
      if (take('}')) return {};
      if (done()) return fault(at_, "a '{' that is never closed");
      if (!take(',')) return fault(at_, "expected ',' or '}'");
    }
  }

  Result<void> one_matcher() {
    const std::size_t begin = at_;
    const bool quoted = peek() == '"' || peek() == '\'' || peek() == '`';
    Matcher matcher;
    if (quoted) {
      auto name = quoted_text();
      if (name.has_error()) return std::move(name).error();
      matcher.name = std::move(*name);
    } else {
      matcher.name = identifier(false);
    }
    if (matcher.name.empty()) {
      return fault(begin, done() ? "a '{' that is never closed" : "expected a label name");
    }
    skip_blanks();
    if (quoted && (peek() == ',' || peek() == '}'))
      return name_metric(begin, std::move(matcher.name));
    return finish_matcher(std::move(matcher));
  }

  Result<void> name_metric(std::size_t begin, std::string name) {
    if (std::exchange(named_, true)) return fault(begin, "a second metric name");
    selective_ = true;
    matchers_.insert(matchers_.begin(),
                     {MatchType::equal, std::string(metric_name), std::move(name)});
    return {};
  }

  Result<void> finish_matcher(Matcher matcher) {
    const std::size_t operation = at_;
    if (take('=')) {
      matcher.type = take('~') ? MatchType::regex : MatchType::equal;
    } else if (take('!') && (peek() == '=' || peek() == '~')) {
      matcher.type = text_[at_++] == '~' ? MatchType::not_regex : MatchType::not_equal;
    } else {
      return fault(operation, "expected =, !=, =~ or !~");
    }
    skip_blanks();
    const std::size_t begin = at_;
    auto value = quoted_text();
    if (value.has_error()) return std::move(value).error();
    matcher.value = std::move(*value);
    auto compiled = CompiledMatcher::compile(matcher);
    if (compiled.has_error()) return fault(begin, compiled.error().what);
    if (!compiled->matches("")) selective_ = true;
    matchers_.push_back(std::move(matcher));
    return {};
  }

  Result<std::string> quoted_text() {
    auto read = read_quoted(text_.substr(at_));
    if (read.has_error()) return fault(at_ + read.error().at, read.error().what);
    at_ += read->length;
    return std::move(read->value);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool named_ = false;      ///< the metric's name was given, other than as a matcher
  bool selective_ = false;  ///< some matcher does not take an absent label
  std::vector<Matcher> matchers_;
};

}  // namespace

Result<std::vector<Matcher>> parse_selector(std::string_view text) {
  return Parser(text).run();
}

}  // namespace prombraid::query
