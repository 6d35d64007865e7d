#include "trace/context.h"

#include <algorithm>
#include <span>

namespace prombraid::trace {

namespace {

constexpr std::size_t whole_size = 55;  // 2 + 1 + 32 + 1 + 16 + 1 + 2

/// Upper case is not allowed (section 3.2.2).
std::optional<unsigned> digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  return std::nullopt;
}

/// False where `text` is not two digits for each byte of `out`.
bool read_hex(std::string_view text, std::span<std::uint8_t> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto high = digit(text[2 * i]);
    const auto low = digit(text[2 * i + 1]);
    if (!high || !low) return false;
    out[i] = static_cast<std::uint8_t>(*high << 4 | *low);
  }
  return true;
}

std::string write_hex(std::span<const std::uint8_t> bytes) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const std::uint8_t byte : bytes) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

bool none(std::span<const std::uint8_t> id) {
  return std::all_of(id.begin(), id.end(), [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

std::optional<Context> parse_traceparent(std::string_view value) {
  if (value.size() < whole_size || value[2] != '-' || value[35] != '-' || value[52] != '-') {
    return std::nullopt;
  }
  std::array<std::uint8_t, 1> version{};
  std::array<std::uint8_t, 1> flags{};
  Context out;
  if (!read_hex(value.substr(0, 2), version) || !read_hex(value.substr(3, 32), out.trace) ||
      !read_hex(value.substr(36, 16), out.span) || !read_hex(value.substr(53, 2), flags)) {
    return std::nullopt;
  }
  if (version[0] == 0xff || none(out.trace) || none(out.span)) return std::nullopt;
  // A later version may have more behind a dash (section 3.2.4).
  const bool more = value.size() > whole_size;
  if (more && (version[0] == 0 || value[whole_size] != '-')) return std::nullopt;
  out.sampled = (flags[0] & 1) != 0;
  return out;
}

std::string format_traceparent(const Context& context) {
  return "00-" + hex(context.trace) + '-' + hex(context.span) + (context.sampled ? "-01" : "-00");
}

std::string hex(const TraceId& id) {
  return write_hex(id);
}

std::string hex(const SpanId& id) {
  return write_hex(id);
}

}  // namespace prombraid::trace
