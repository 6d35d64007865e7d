#include "server/listen_address.h"

#include <charconv>
#include <string>

namespace prombraid::server {
namespace {

Error bad_address(std::string_view text, const char* why) {
  return Error(ErrorKind::bad_request, "listen address \"" + std::string(text) + "\": " + why);
}

}  // namespace

Result<ListenAddress> ListenAddress::parse(std::string_view text) {
  namespace ip = boost::asio::ip;
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return bad_address(text, "no port, expected \":9201\"");

  const std::string_view digits = text.substr(colon + 1);
  unsigned port = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (fault != std::errc() || end != digits.data() + digits.size() || port > 65535) {
    return bad_address(text, "the port must be a number from 0 to 65535");
  }

  ListenAddress address;
  std::string_view host = text.substr(0, colon);
  if (host.empty()) {
    address.dual_stack = true;
    address.endpoint = {ip::address_v6::any(), static_cast<unsigned short>(port)};
    return address;
  }
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  boost::system::error_code failed;
  const ip::address parsed = ip::make_address(std::string(host), failed);
  if (failed || parsed.is_v6() != bracketed) {
    return bad_address(text, "the host must be an IPv4 address or an IPv6 address in brackets");
  }
  address.endpoint = {parsed, static_cast<unsigned short>(port)};
  return address;
}

}  // namespace prombraid::server
