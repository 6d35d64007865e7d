#include "query/quoted.h"

#include <cstdint>
#include <optional>

namespace prombraid::query {
namespace {

void append_utf8(std::uint32_t rune, std::string& out) {
  const auto tail = [&](unsigned shift) {
    out += static_cast<char>(0x80 | ((rune >> shift) & 0x3f));
  };
  if (rune < 0x80) {
    out += static_cast<char>(rune);
  } else if (rune < 0x800) {
    out += static_cast<char>(0xc0 | (rune >> 6));
    tail(0);
  } else if (rune < 0x10000) {
    out += static_cast<char>(0xe0 | (rune >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xf0 | (rune >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

int digit_of(char c) {
  if ('0' <= c && c <= '9') return c - '0';
  if ('a' <= c && c <= 'f') return c - 'a' + 10;
  if ('A' <= c && c <= 'F') return c - 'A' + 10;
  return 16;
}

/// Exactly `count` digits to `base`.
std::optional<std::uint32_t> number(std::string_view text, std::size_t count, std::uint32_t base) {
  if (text.size() < count) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : text.substr(0, count)) {
    const auto digit = static_cast<std::uint32_t>(digit_of(c));
    if (digit >= base) return std::nullopt;
    value = value * base + digit;
  }
  return value;
}

std::optional<char> simple_escape(char c, char quote) {
  static constexpr std::string_view letters = "abfnrtv\\";
  static constexpr std::string_view meanings = "\a\b\f\n\r\t\v\\";
  if (c == quote) return quote;
  const std::size_t at = letters.find(c);
  return at == std::string_view::npos ? std::nullopt : std::optional(meanings[at]);
}

/// The escape behind a backslash; appends what it means and gives its length, 0 for none.
std::size_t read_escape(std::string_view text, char quote, std::string& out) {
  if (text.empty()) return 0;
  if (const auto simple = simple_escape(text.front(), quote)) {
    out += *simple;
    return 1;
  }
  const char kind = text.front();
  const auto by = [&](std::size_t skip, std::size_t digits, std::uint32_t base) -> std::size_t {
    const auto value = number(text.substr(skip), digits, base);
    const bool byte = digits <= 3;
    if (!value || (byte && *value > 0xff)) return 0;
    const bool surrogate = 0xd800 <= *value && *value < 0xe000;
    if (!byte && (*value > 0x10ffff || surrogate)) return 0;
    if (byte) {
      out += static_cast<char>(*value);
    } else {
      append_utf8(*value, out);
    }
    return skip + digits;
  };
  if (kind == 'x') return by(1, 2, 16);
  if (kind == 'u') return by(1, 4, 16);
  if (kind == 'U') return by(1, 8, 16);
  return by(0, 3, 8);
}

}  // namespace

boost::system::result<Quoted, QuoteFault> read_quoted(std::string_view text) {
  const char quote = text.empty() ? '\0' : text.front();
  if (quote != '"' && quote != '\'' && quote != '`') return QuoteFault{0, "expected a quoted text"};
  Quoted out;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const char c = text[i];
    if (c == quote) {
      out.length = i + 1;
      return out;
    }
    if (quote != '`' && c == '\n') return QuoteFault{i, "a line break inside of quotes"};
    if (quote == '`' || c != '\\') {
      out.value += c;
      continue;
    }
    const std::size_t taken = read_escape(text.substr(i + 1), quote, out.value);
    if (taken == 0) return QuoteFault{i, "not an escape that Go knows"};
    i += taken;
  }
  return QuoteFault{0, "a quote that is never closed"};
}

}  // namespace prombraid::query
