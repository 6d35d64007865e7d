/// Any bytes as a selector: no crash, a fault inside the text, and matchers that are taken can be
/// written as a selector of the same matchers.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "query/selector.h"

using namespace prombraid;

namespace {

void require(bool promise) {
  if (!promise) std::abort();
}

/// Every byte that is no letter as `\xHH`.
std::string quoted(std::string_view text) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 'z' || byte < 'A' || c == '\\') {
      out += "\\x";
      out += digits[byte >> 4];
      out += digits[byte & 15];
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string written(const std::vector<Matcher>& matchers) {
  static constexpr std::string_view signs[] = {"=", "!=", "=~", "!~"};
  std::string out = "{";
  for (const Matcher& m : matchers) {
    out += quoted(m.name);
    out += signs[static_cast<int>(m.type)];
    out += quoted(m.value) + ',';
  }
  return out + '}';
}

/// The position that `at position N: ...` names.
std::size_t position_in(const std::string& what) {
  static constexpr std::string_view before = "at position ";
  require(what.starts_with(before));
  return std::strtoull(what.c_str() + before.size(), nullptr, 10);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 4096) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto matchers = query::parse_selector(text);
  if (matchers.has_error()) {
    require(matchers.error().kind == ErrorKind::bad_request);
    const std::size_t position = position_in(matchers.error().what);
    require(position >= 1 && position <= size + 1);
    return 0;
  }
  const bool nameless = std::any_of(matchers->begin(), matchers->end(),
                                    [](const Matcher& m) { return m.name.empty(); });
  require(!matchers->empty() && !nameless);
  const auto again = query::parse_selector(written(*matchers));
  require(again.has_value() && *again == *matchers);
  return 0;
}
