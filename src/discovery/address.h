/// What `--replicas=` may say. Pure text: nothing is looked up here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace prombraid::discovery {

/// Prometheus's own remote-read route, asked where an address gives no path.
inline constexpr std::string_view default_path = "/api/v1/read";

/// One `--replicas=` value.
///
///   10.0.0.7:9090, [::1]:9090          ip           as it is, never any DNS
///   prom-a:9090                        host         ONE replica: one of the name's addresses
///   dns+prom.monitoring.svc:9090       dns          a replica for every A and AAAA record
///   dnssrv+_web._tcp.prom.svc          srv          for every address of every SRV target
///   dnssrvnoa+_web._tcp.prom.svc       srv_no_a     for every SRV target, ONE address each
///
/// `http://` or `https://` may stand between the prefix and the host, a path (and query) after the
/// port. A name with a trailing dot is looked up as it is, without the search domains of
/// resolv.conf.
struct Address {
  enum class Kind { ip, host, dns, srv, srv_no_a };
  enum class Scheme { unsaid, http, https };  ///< unsaid: as the whole set has it

  Kind kind = Kind::ip;
  std::string host;        ///< canonical IP without brackets, or the name in lower case, dot kept
  std::uint16_t port = 0;  ///< 0 for the SRV kinds: their records bring it
  std::string path{default_path};
  Scheme scheme = Scheme::unsaid;

  bool operator==(const Address&) const = default;
};

/// Fails with bad_request; the text names the address (without a user or password, which it must
/// not have), what is wrong with it and the cure.
Result<Address> parse_address(std::string_view text);

/// In the form parse_address reads; the path only where it is not the default.
std::string to_string(const Address& address);

}  // namespace prombraid::discovery
