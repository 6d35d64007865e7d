#include <charconv>

#include "api/question.h"
#include "base/utf8.h"

namespace prombraid::api {

namespace {

/// The character of code point `code` in UTF-8; nothing where there is none.
std::string character(std::uint32_t code) {
  std::string out;
  if (code < 0x80) {
    out = {static_cast<char>(code)};
  } else if (code < 0x800) {
    out = {static_cast<char>(0xc0 | code >> 6), static_cast<char>(0x80 | (code & 0x3f))};
  } else if (code < 0x10000) {
    out = {static_cast<char>(0xe0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 0x3f)),
           static_cast<char>(0x80 | (code & 0x3f))};
  } else if (code < 0x110000) {
    out = {static_cast<char>(0xf0 | code >> 18), static_cast<char>(0x80 | (code >> 12 & 0x3f)),
           static_cast<char>(0x80 | (code >> 6 & 0x3f)), static_cast<char>(0x80 | (code & 0x3f))};
  }
  return utf8_length(out) == out.size() ? out : std::string();
}

}  // namespace

std::string unescaped_name(std::string_view name) {
  constexpr std::string_view mark = "U__";
  if (!name.starts_with(mark)) return std::string(name);
  std::string out;
  std::string_view rest = name.substr(mark.size());
  while (!rest.empty()) {
    if (rest.front() != '_') {
      out += rest.front();
      rest.remove_prefix(1);
      continue;
    }
    rest.remove_prefix(1);
    if (rest.starts_with('_')) {
      out += '_';
      rest.remove_prefix(1);
      continue;
    }
    std::uint32_t code = 0;
    const auto [stop, problem] = std::from_chars(rest.data(), rest.data() + rest.size(), code, 16);
    rest.remove_prefix(static_cast<std::size_t>(stop - rest.data()));
    const std::string one = problem == std::errc() ? character(code) : std::string();
    if (one.empty() || !rest.starts_with('_')) return std::string(name);
    rest.remove_prefix(1);
    out += one;
  }
  return out;
}

}  // namespace prombraid::api
