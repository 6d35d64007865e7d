#include "server/head_rules.h"

#include <algorithm>

#include "base/ascii.h"

namespace prombraid::server {
namespace {

bool is_host_char(char c) {
  return is_alpha(c) || is_digit(c) ||
         std::string_view("-._~%!$&'()*+,;=").find(c) != std::string_view::npos;
}

bool is_ip_literal_char(char c) {
  return is_alpha(c) || is_digit(c) || c == ':' || c == '.';
}

void split_query(std::string_view target, Request& request) {
  const std::size_t mark = target.find('?');
  request.path = target.substr(0, mark);
  request.query = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
}

}  // namespace

HeadScan::Found HeadScan::check_line_end(std::string_view bytes) {
  if (next_ == 0 || bytes[next_ - 1] != '\r') return Found::bare_lf;
  const bool empty_line = next_ - 1 == line_start_;
  line_start_ = ++next_;
  return empty_line ? Found::end : Found::more;
}

HeadScan::Found HeadScan::scan(std::string_view bytes) {
  if (!bytes.empty() && !is_alpha(bytes[0])) return Found::no_method;
  const std::size_t line_limit = limits_.target_bytes + 64;
  const std::size_t last = std::min(bytes.size(), limits_.head_bytes);
  while (next_ < last) {
    const char c = bytes[next_];
    const bool first_line = line_start_ == 0;
    if (first_line && next_ > line_limit) return Found::long_line;
    if (next_ == line_start_ && (c == ' ' || c == '\t')) return Found::fold;
    if (c != '\n') {
      ++next_;
      continue;
    }
    const Found found = check_line_end(bytes);
    if (found != Found::more) return found;
  }
  return next_ >= limits_.head_bytes ? Found::too_long : Found::more;
}

bool valid_host(std::string_view host) {
  std::string_view rest;
  if (host.starts_with('[')) {
    const std::size_t end = host.find(']');
    if (end == std::string_view::npos || end < 3) return false;
    const std::string_view literal = host.substr(1, end - 1);
    if (!std::all_of(literal.begin(), literal.end(), is_ip_literal_char)) return false;
    rest = host.substr(end + 1);
  } else {
    const std::size_t colon = std::min(host.find(':'), host.size());
    const std::string_view name = host.substr(0, colon);
    if (name.empty() || !std::all_of(name.begin(), name.end(), is_host_char)) return false;
    rest = host.substr(colon);
  }
  if (rest.empty()) return true;
  return rest.starts_with(':') && rest.size() <= 6 &&
         std::all_of(rest.begin() + 1, rest.end(), is_digit);
}

bool split_target(std::string_view target, Request& request) {
  const auto printable = [](char c) { return c > 0x20 && c < 0x7f; };
  if (target.empty() || !std::all_of(target.begin(), target.end(), printable)) return false;
  if (target == "*" && request.method == "OPTIONS") {
    request.path = target;
    return true;
  }
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equal_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    const std::size_t end = std::min(target.find_first_of("/?"), target.size());
    if (!valid_host(target.substr(0, end))) return false;
    split_query(target.substr(end), request);
    if (request.path.empty()) request.path = "/";
    return true;
  }
  if (!target.starts_with('/')) return false;
  split_query(target, request);
  return true;
}

bool foreign_version(std::string_view head) {
  const std::string_view line = head.substr(0, head.find("\r\n"));
  const std::size_t space = line.rfind(' ');
  if (space == std::string_view::npos) return false;
  const std::string_view version = line.substr(space + 1);
  return version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) &&
         version[6] == '.' && is_digit(version[7]) && version != "HTTP/1.0" &&
         version != "HTTP/1.1";
}

}  // namespace prombraid::server
