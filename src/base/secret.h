/// A text that must never be shown: a password, a token, a key.
#pragma once

#include <ostream>
#include <string>
#include <utility>

namespace prombraid {

/// Prints as `<secret>`, as Prometheus shows one. What it holds is given only where it is asked for
/// by name, so that whoever reads the code finds every place that does.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  const std::string& reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

  bool operator==(const Secret&) const = default;

  friend std::ostream& operator<<(std::ostream& out, const Secret&) { return out << shown; }

  static constexpr const char* shown = "<secret>";

 private:
  std::string text_;
};

}  // namespace prombraid
