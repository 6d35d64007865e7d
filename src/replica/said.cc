#include "replica/said.h"

#include "base/ascii.h"
#include "base/utf8.h"

namespace prombraid::replica {

namespace {

/// The length of the printable character that `text` begins with; 0 where there is none.
std::size_t printable_size(std::string_view text) {
  const std::size_t size = utf8_length(text);
  if (size == 1) return is_control(text[0]) ? 0 : 1;
  // U+0080 to U+009F are control characters too, which a terminal may obey.
  const bool control = size == 2 && text[0] == '\xc2' && static_cast<unsigned char>(text[1]) < 0xa0;
  return control ? 0 : size;
}

bool is_space(char c) {
  return c == '\n' || c == '\t' || c == '\r' || c == ' ';
}

}  // namespace

std::string printable(std::string_view text, std::size_t limit) {
  std::string out;
  while (!text.empty()) {
    const std::size_t size = printable_size(text);
    if (out.size() + (size == 0 ? 1 : size) > limit) break;
    if (size > 0) {
      out += text.substr(0, size);
    } else {
      out += is_space(text[0]) ? ' ' : '.';
    }
    text.remove_prefix(size == 0 ? 1 : size);
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

bool is_text(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t size = is_space(bytes[0]) ? 1 : printable_size(bytes);
    const bool cut_off = bytes.size() < 4 && static_cast<unsigned char>(bytes[0]) >= 0xc2;
    if (size == 0) return cut_off;
    bytes.remove_prefix(size);
  }
  return true;
}

}  // namespace prombraid::replica
