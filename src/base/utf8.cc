#include "base/utf8.h"

#include <cstdint>

namespace prombraid {

namespace {

struct Form {
  std::size_t length;
  std::uint32_t smallest;  ///< a smaller code point in this many bytes is overlong
  std::uint32_t first_bits;
};

Form form_of(unsigned char first) {
  if (first < 0x80) return {1, 0, first};
  if ((first & 0xe0) == 0xc0) return {2, 0x80, first & 0x1fu};
  if ((first & 0xf0) == 0xe0) return {3, 0x800, first & 0x0fu};
  if ((first & 0xf8) == 0xf0) return {4, 0x10000, first & 0x07u};
  return {0, 0, 0};
}

}  // namespace

std::size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  const Form form = form_of(static_cast<unsigned char>(text[0]));
  if (form.length == 0 || form.length > text.size()) return 0;
  std::uint32_t point = form.first_bits;
  for (std::size_t i = 1; i < form.length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0) != 0x80) return 0;
    point = point << 6 | (byte & 0x3fu);
  }
  const bool surrogate = point >= 0xd800 && point <= 0xdfff;
  return point < form.smallest || point > 0x10ffff || surrogate ? 0 : form.length;
}

std::string valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    out += length == 0 ? std::string_view("\xef\xbf\xbd") : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

}  // namespace prombraid
