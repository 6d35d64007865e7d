/// Where one replica is reached, and the set of all of them as discovery last knew it.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace prombraid::discovery {

struct Endpoint {
  std::string host;        ///< for the Host header: the name asked for (no trailing dot), or the IP
  std::string ip;          ///< canonical, no brackets; an IPv4-mapped IPv6 address is the IPv4 one
  std::uint16_t port = 0;  ///< never 0 in an EndpointSet
  std::string path;        ///< begins with `/`, may end in a query
  bool tls = false;        ///< https

  /// `10.0.0.7:9090`, `[::1]:9090`: what logs, metrics and the status page call this replica.
  /// A path other than the default follows it, as two servers behind one reverse proxy differ in
  /// nothing else.
  std::string key() const;

  bool operator==(const Endpoint&) const = default;
  auto operator<=>(const Endpoint&) const = default;
};

/// The form in which equal addresses are equal strings (RFC 5952, IPv4-mapped unwrapped); nothing
/// for text that is no IP address. Zones (`%eth0`) are not taken.
std::optional<std::string> canonical_ip(std::string_view text);

/// `0.0.0.0` and `::`: as a destination they mean this machine itself, so as an answer they are a
/// mistake (or a DNS blocker). `ip` is canonical.
bool is_unspecified(std::string_view ip);

/// Immutable, ordered by key, no key twice: two names that lead to one ip:port are one replica.
///
/// A server that is reachable by IPv4 and IPv6 still stands here twice. Addresses can't tell that;
/// it shows in what the two endpoints say of themselves (external labels, start time), so whoever
/// looks at the replicas must join them there.
class EndpointSet {
 public:
  EndpointSet() = default;
  /// Of endpoints with equal keys the smallest (by host) stays, whatever order they come in.
  explicit EndpointSet(std::vector<Endpoint> endpoints);

  std::size_t size() const { return endpoints_.size(); }
  bool empty() const { return endpoints_.empty(); }
  const Endpoint& operator[](std::size_t i) const { return endpoints_[i]; }
  auto begin() const { return endpoints_.begin(); }
  auto end() const { return endpoints_.end(); }
  /// Null where there is none.
  const Endpoint* find(std::string_view key) const;

  bool operator==(const EndpointSet&) const = default;

 private:
  std::vector<Endpoint> endpoints_;
};

}  // namespace prombraid::discovery
