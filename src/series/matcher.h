/// A label matcher, as PromQL and remote_read have it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace re2 {
class RE2;
}

namespace prombraid {

/// prompb/types.proto, LabelMatcher.Type.
enum class MatchType : std::uint8_t { equal = 0, not_equal = 1, regex = 2, not_regex = 3 };

struct Matcher {
  MatchType type = MatchType::equal;
  std::string name;
  std::string value;

  bool operator==(const Matcher&) const = default;
};

/// `name="value"`, `name=~"regex"`, as PromQL writes it.
std::string to_string(const Matcher& matcher);

/// A matcher made ready to be evaluated here, as it must be for a replica's external labels.
/// Regular expressions are RE2's, fully anchored, and `.` matches a newline, as in Prometheus
/// (model/labels/regexp.go).
class CompiledMatcher {
 public:
  /// Fails with bad_request and RE2's own text for a pattern that does not compile or needs more
  /// than 8 MiB.
  static Result<CompiledMatcher> compile(const Matcher& matcher);

  CompiledMatcher(CompiledMatcher&&) noexcept;
  CompiledMatcher& operator=(CompiledMatcher&&) noexcept;
  ~CompiledMatcher();

  /// `value` is empty for a label that is absent.
  bool matches(std::string_view value) const;

 private:
  CompiledMatcher(MatchType type, std::string value, std::unique_ptr<re2::RE2> regex);

  MatchType type_;
  std::string value_;
  std::unique_ptr<re2::RE2> regex_;
};

}  // namespace prombraid
