#include "access/token_url.h"

#include <algorithm>
#include <charconv>

namespace prombraid::access {

namespace {

/// Never quotes the URL: somebody may have put a password into it.
Error wrong(std::string what) {
  return Error(ErrorKind::bad_request, std::move(what));
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool is_visible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

Result<void> read_authority(std::string_view authority, TokenUrl& url) {
  const bool bracketed = authority.starts_with('[');
  const std::size_t close = bracketed ? authority.find(']') : std::string_view::npos;
  if (bracketed && close == std::string_view::npos) return wrong("`[` without `]`");
  const std::size_t colon = authority.find(':', bracketed ? close : 0);
  url.host = bracketed ? authority.substr(1, close - 1) : authority.substr(0, colon);
  if (url.host.empty()) return wrong("no host; write https://HOST/PATH");
  if (colon == std::string_view::npos) return {};
  const std::string_view port = authority.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), url.port);
  if (error != std::errc() || end != port.data() + port.size() || url.port == 0) {
    return wrong("the port must be a number from 1 to 65535");
  }
  return {};
}

}  // namespace

Result<TokenUrl> parse_token_url(std::string_view text) {
  TokenUrl url;
  url.https = take(text, "https://");
  if (!url.https && !take(text, "http://")) return wrong("write https://HOST/PATH");
  if (!is_visible(text)) return wrong("a space or a character beyond ASCII");
  if (text.find('#') != std::string_view::npos) return wrong("a URL to fetch has no `#` part");
  const std::size_t end = std::min(text.find_first_of("/?"), text.size());
  if (text.substr(0, end).find('@') != std::string_view::npos) {
    return wrong("a user or password does not belong here; there are client_id and client_secret");
  }
  url.port = url.https ? 443 : 80;
  if (auto read = read_authority(text.substr(0, end), url); read.has_error()) {
    return std::move(read).error();
  }
  url.path = text.substr(end);
  if (!url.path.starts_with('/')) url.path.insert(0, "/");
  return url;
}

}  // namespace prombraid::access
