#include "log/line.h"

#include <array>
#include <charconv>
#include <cstdio>

#include "base/utf8.h"

namespace prombraid::log {

namespace {

const char* name_of(Level level) {
  static constexpr const char* names[] = {"DEBUG", "INFO", "WARN", "ERROR"};
  return names[static_cast<std::size_t>(level)];
}

void append_escaped_byte(std::string& out, char c) {
  switch (c) {
    case '"':
    case '\\':
      out += '\\';
      out += c;
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) {
    out += c;
    return;
  }
  char code[8];
  std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
  out += code;
}

/// In quotes, cut at `value_bytes` of output.
void append_quoted(std::string& out, std::string_view text) {
  const std::size_t begin = out.size();
  out += '"';
  while (!text.empty()) {
    if (out.size() - begin > value_bytes) {
      out += "...";
      break;
    }
    const std::size_t length = utf8_length(text);
    if (length == 1) {
      append_escaped_byte(out, text[0]);
    } else {
      out += length == 0 ? std::string_view("\xef\xbf\xbd") : text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

/// What logfmt may leave without quotes.
bool plain(std::string_view text) {
  if (text.empty() || text.size() > value_bytes) return false;
  for (const char c : text) {
    if (c <= ' ' || c >= 0x7f || c == '"' || c == '=' || c == '\\') return false;
  }
  return true;
}

std::string number(double value) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

struct Writer {
  Format format;
  std::string line;

  void key(std::string_view name) {
    if (format == Format::logfmt) {
      if (!line.empty()) line += ' ';
      line += name;
      line += '=';
      return;
    }
    line += line.empty() ? '{' : ',';
    append_quoted(line, name);
    line += ':';
  }

  void value(std::string_view text) {
    if (format == Format::logfmt && plain(text)) {
      line += text;
    } else {
      append_quoted(line, text);
    }
  }
  void value(bool b) { line += b ? "true" : "false"; }
  void value(std::int64_t n) { line += std::to_string(n); }
  void value(std::uint64_t n) { line += std::to_string(n); }
  void value(double d) {
    // JSON has no NaN and no infinity; as text they are the same in both formats.
    const std::string text = number(d);
    const bool finite = d - d == 0;
    if (finite) {
      line += text;
    } else {
      value(std::string_view(text));
    }
  }
};

}  // namespace

std::string format_line(Format format, std::string_view time, Level level, std::string_view message,
                        Fields fields) {
  Writer out{format, {}};
  out.key("time");
  out.value(time);
  out.key("level");
  out.value(std::string_view(name_of(level)));
  out.key("msg");
  // Go's slog quotes a message only where it must, as it does values.
  out.value(message);
  for (const Field& field : fields) {
    if (out.line.size() + field.key.size() + value_bytes + 64 > line_bytes) {
      out.key("truncated");
      out.value(true);
      break;
    }
    out.key(field.key);
    std::visit([&](const auto& value) { out.value(value); }, field.value);
  }
  if (format == Format::json) out.line += '}';
  return std::move(out.line);
}

}  // namespace prombraid::log
