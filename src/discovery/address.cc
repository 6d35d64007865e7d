#include "discovery/address.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "discovery/endpoint.h"

namespace prombraid::discovery {
namespace {

using Kind = Address::Kind;
using Scheme = Address::Scheme;

constexpr std::size_t longest_address = 2048;
constexpr std::size_t longest_name =
    253;  // RFC 1035 section 3.1, in text form without the last dot
constexpr std::size_t longest_label = 63;

struct Prefix {
  std::string_view text;
  Kind kind;
};
constexpr Prefix prefixes[] = {
    {"dns+", Kind::dns}, {"dnssrv+", Kind::srv}, {"dnssrvnoa+", Kind::srv_no_a}};

bool by_srv(Kind kind) {
  return kind == Kind::srv || kind == Kind::srv_no_a;
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
bool in_a_name(char c) {
  return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_' || c == '.';
}

bool take(std::string_view& text, std::string_view prefix) {
  const bool there = text.size() >= prefix.size() &&
                     std::equal(prefix.begin(), prefix.end(), text.begin(),
                                [](char wanted, char given) { return wanted == lower(given); });
  if (there) text.remove_prefix(prefix.size());
  return there;
}

/// Fit for one line of a log, whatever was given.
std::string printable(std::string_view given) {
  std::string text;
  for (char c : given.substr(0, 256)) text += c >= ' ' && c <= '~' ? c : '?';
  return text;
}

/// Without what stands in front of an `@`, which may be a password.
std::string without_user(std::string_view address) {
  const std::size_t at = address.rfind('@');
  if (at == address.npos) return printable(address);
  const std::size_t scheme = address.find("://");
  const std::string_view kept = scheme < at ? address.substr(0, scheme + 3) : "";
  return printable(kept) + "<secret>" + printable(address.substr(at));
}

Error wrong(std::string_view address, std::string_view what) {
  return Error(ErrorKind::bad_request,
               "replica address \"" + without_user(address) + "\": " + std::string(what));
}

std::optional<std::string> fault_of_name(std::string_view name) {
  if (!name.empty() && name.back() == '.') name.remove_suffix(1);
  if (name.empty()) return "no host name; write NAME:PORT";
  if (name.size() > longest_name) return "the host name is longer than 253 characters";
  std::size_t begin = 0;
  std::string_view label;
  while (begin <= name.size()) {
    const std::size_t end = std::min(name.find('.', begin), name.size());
    label = name.substr(begin, end - begin);
    if (label.empty()) return "the host name has two dots in a row, or begins with one";
    if (label.size() > longest_label) return "a part of the host name is longer than 63 characters";
    begin = end + 1;
  }
  const auto bad = std::find_if_not(name.begin(), name.end(), in_a_name);
  if (bad != name.end()) {
    return "the host name may hold letters, digits, `-`, `_` and `.` only (write other scripts "
           "in their `xn--` form)";
  }
  if (std::all_of(label.begin(), label.end(), is_digit)) {
    return "this is no valid IPv4 address, and no name ends in a part of digits alone";
  }
  return std::nullopt;
}

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && port != 0 ? std::optional(port) : std::nullopt;
}

Kind read_prefix(std::string_view& rest) {
  for (const Prefix& prefix : prefixes) {
    if (take(rest, prefix.text)) return prefix.kind;
  }
  return Kind::host;
}

Result<Scheme> read_scheme(std::string_view text, std::string_view& rest) {
  Scheme scheme = Scheme::unsaid;
  if (take(rest, "https://")) {
    scheme = Scheme::https;
  } else if (take(rest, "http://")) {
    scheme = Scheme::http;
  }
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  if (authority.find('+') != authority.npos) {
    return wrong(text,
                 "unknown prefix; there are dns+, dnssrv+ and dnssrvnoa+ (one, before http://)");
  }
  if (authority.find('@') != authority.npos) {
    return wrong(text, "a user or password can't be given here");
  }
  if (rest.find("://") < authority.size()) {
    return wrong(text, "unknown scheme; write https://, http:// or leave it out");
  }
  return scheme;
}

Result<std::string> read_path(std::string_view text, std::string_view path) {
  if (path.empty() || path == "/") return std::string(default_path);
  if (path.front() != '/') return wrong(text, "a path begins with `/`, right after the port");
  const auto visible = [](char c) { return c > ' ' && c <= '~'; };
  if (!std::all_of(path.begin(), path.end(), visible)) {
    return wrong(text, "the path holds a space or a character beyond ASCII; write it as %XX");
  }
  if (path.find('#') != path.npos) return wrong(text, "a path has no `#` part; leave it out");
  return std::string(path);
}

/// `[v6]:port` and `v4:port` and `name:port`; for the SRV kinds a name alone.
Result<Address> read_authority(std::string_view text, Kind kind, std::string_view authority) {
  std::string_view host = authority;
  std::optional<std::string_view> port;
  const bool bracketed = authority.starts_with('[');
  if (bracketed) {
    const std::size_t close = authority.find(']');
    if (close == authority.npos) return wrong(text, "`[` without `]`; write [IPv6]:PORT");
    host = authority.substr(1, close - 1);
    const std::string_view after = authority.substr(close + 1);
    if (after.starts_with(':')) port = after.substr(1);
    if (!port && !after.empty()) return wrong(text, "after `]` comes `:PORT`");
  } else if (const std::size_t colon = authority.find(':'); colon != authority.npos) {
    if (authority.find(':', colon + 1) != authority.npos) {
      return wrong(text, "two colons; an IPv6 address stands in brackets: [IPv6]:PORT");
    }
    host = authority.substr(0, colon);
    port = authority.substr(colon + 1);
  }

  Address address;
  address.kind = kind;
  const std::optional<std::string> ip = canonical_ip(host);
  if (bracketed && !ip) {
    return wrong(text,
                 "no valid IPv6 address in the brackets (zones such as %eth0 can't be given)");
  }
  if (by_srv(kind)) {
    if (ip) return wrong(text, "SRV records belong to a name such as _web._tcp.example.org");
    if (port) return wrong(text, "SRV records bring the port; leave it out");
  } else {
    if (!port) return wrong(text, "no port; write " + printable(authority) + ":9090");
    const std::optional<std::uint16_t> number = port_of(*port);
    if (!number) return wrong(text, "the port must be a number from 1 to 65535");
    address.port = *number;
  }
  if (ip) {
    if (is_unspecified(*ip)) {
      return wrong(text, *ip + " is no destination; write 127.0.0.1 or [::1] for this machine");
    }
    address.kind = Kind::ip;
    address.host = *ip;
    return address;
  }
  address.host.resize(host.size());
  std::transform(host.begin(), host.end(), address.host.begin(), lower);
  if (const auto fault = fault_of_name(address.host)) return wrong(text, *fault);
  return address;
}

}  // namespace

Result<Address> parse_address(std::string_view text) {
  if (text.empty()) return wrong(text, "empty; write HOST:PORT or dns+NAME:PORT");
  if (text.size() > longest_address) return wrong(text, "longer than 2048 characters");
  std::string_view rest = text;
  const Kind kind = read_prefix(rest);
  const Result<Scheme> scheme = read_scheme(text, rest);
  if (scheme.has_error()) return scheme.error();
  const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
  Result<std::string> path = read_path(text, rest.substr(end));
  if (path.has_error()) return path.error();
  Result<Address> address = read_authority(text, kind, rest.substr(0, end));
  if (address.has_error()) return address;
  address->path = std::move(*path);
  address->scheme = *scheme;
  return address;
}

std::string to_string(const Address& address) {
  std::string text;
  for (const Prefix& prefix : prefixes) {
    if (prefix.kind == address.kind) text = prefix.text;
  }
  if (address.scheme != Scheme::unsaid) {
    text += address.scheme == Scheme::https ? "https://" : "http://";
  }
  const bool v6 = address.host.find(':') != std::string::npos;
  text += v6 ? "[" + address.host + "]" : address.host;
  if (!by_srv(address.kind)) text += ":" + std::to_string(address.port);
  if (address.path != default_path) text += address.path;
  return text;
}

}  // namespace prombraid::discovery
