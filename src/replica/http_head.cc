#include "replica/http_head.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/ascii.h"

namespace prombraid::replica {

namespace {

Error malformed(std::string_view what) {
  return Error(ErrorKind::corrupt, "HTTP head: " + std::string(what));
}

Result<std::uint64_t> parse_length(std::string_view value) {
  std::uint64_t length = 0;
  const char* end = value.data() + value.size();
  const auto [stop, problem] = std::from_chars(value.data(), end, length);
  // from_chars takes no sign and no space; 19 digits cannot overflow.
  if (value.empty() || value.size() > 19 || stop != end || problem != std::errc()) {
    return malformed("bad Content-Length");
  }
  return length;
}

/// Looks for `token` in a comma-separated list.
bool lists(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (equal_ignoring_case(trim_spaces(list.substr(0, comma)), token)) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

Result<void> set_once(std::string& field, std::string_view value, const char* name) {
  if (!field.empty()) return malformed(std::string(name) + " twice");
  field = value;
  return {};
}

}  // namespace

Result<std::size_t> HeadReader::feed(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size() && !done_) {
    if (++bytes_ > limits_.max_bytes) {
      return Error(ErrorKind::limit,
                   "HTTP head is longer than " + std::to_string(limits_.max_bytes) + " bytes");
    }
    const char c = bytes[at++];
    if (cr_) {
      if (c != '\n') return malformed("CR without LF");
      cr_ = false;
      if (auto taken = take_line(); !taken) return taken.error();
      line_.clear();
    } else if (c == '\r') {
      cr_ = true;
    } else if (is_control(c) && c != '\t') {
      return malformed(c == '\n' ? "LF without CR" : "control character");
    } else {
      line_ += c;
    }
  }
  return at;
}

Result<void> HeadReader::take_line() {
  if (!has_status_) return take_status();
  if (!line_.empty()) return take_field();
  return finish();
}

Result<void> HeadReader::take_status() {
  constexpr std::string_view version = "HTTP/1.1 ";
  const std::string_view line = line_;
  if (line.substr(0, version.size()) != version) {
    return malformed("not HTTP/1.1: \"" + line_.substr(0, 16) + '"');
  }
  const std::string_view code = line.substr(version.size(), 3);
  const bool digits =
      code.size() == 3 && std::all_of(code.begin(), code.end(), [](char c) { return is_digit(c); });
  if (!digits || code[0] < '1' || code[0] > '5') return malformed("bad status");
  // The space before an empty reason is often forgotten; it could mean nothing else.
  if (line.size() > version.size() + 3 && line[version.size() + 3] != ' ') {
    return malformed("bad status");
  }
  head_.status =
      static_cast<unsigned>((code[0] - '0') * 100 + (code[1] - '0') * 10 + code[2] - '0');
  has_status_ = true;
  return {};
}

Result<void> HeadReader::take_field() {
  if (++fields_ > limits_.max_fields) {
    return Error(ErrorKind::limit,
                 "HTTP head has more than " + std::to_string(limits_.max_fields) + " fields");
  }
  const std::string_view line = line_;
  if (line[0] == ' ' || line[0] == '\t') return malformed("folded line");
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return malformed("line without a colon");
  const std::string_view name = line.substr(0, colon);
  if (name.empty() || !std::all_of(name.begin(), name.end(), is_token)) {
    return malformed("bad field name");
  }
  return take_known(name, trim_spaces(line.substr(colon + 1)));
}

Result<void> HeadReader::take_known(std::string_view name, std::string_view value) {
  if (equal_ignoring_case(name, "Content-Length")) {
    if (head_.length) return malformed("Content-Length twice");
    auto length = parse_length(value);
    if (!length) return length.error();
    head_.length = *length;
  } else if (equal_ignoring_case(name, "Transfer-Encoding")) {
    if (head_.chunked) return malformed("Transfer-Encoding twice");
    if (!equal_ignoring_case(value, "chunked")) return malformed("unknown Transfer-Encoding");
    head_.chunked = true;
  } else if (equal_ignoring_case(name, "Connection")) {
    if (lists(value, "close")) head_.keep_alive = false;
    head_.connection.append(head_.connection.empty() ? "" : ",").append(value);
  } else if (equal_ignoring_case(name, "Content-Type")) {
    return set_once(head_.content_type, value, "Content-Type");
  } else if (equal_ignoring_case(name, "Content-Encoding")) {
    return set_once(head_.content_encoding, value, "Content-Encoding");
  } else {
    head_.others.append(name).append(": ").append(value).append("\r\n");
  }
  return {};
}

Result<void> HeadReader::finish() {
  if (head_.chunked && head_.length) return malformed("both Content-Length and chunked");
  if (head_.status == 101) return malformed("switch of protocols that nobody asked for");
  if (head_.status >= 200) {
    done_ = true;
    return {};
  }
  if (head_.chunked || head_.length) return malformed("interim answer with a body");
  head_ = {};
  has_status_ = false;
  fields_ = 0;
  return {};
}

}  // namespace prombraid::replica
