/// How a read that comes back to where it began is known.
///
/// A replica whose own `remote_read` points at this proxy answers a read by asking for it again,
/// without end. No HTTP header survives the way through a Prometheus server, but
/// `ReadHints.grouping` does (storage/remote/codec.go, ToQuery) and its TSDB never looks at it, so
/// a private string there goes with the read wherever it is passed on.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace prombraid::query {

/// The marker of a proxy over these replica addresses. It is made from what the proxy reads and
/// not drawn at random: behind one Service many proxies read the same replicas, and a read that
/// comes back through another of them is the same loop.
std::string loop_marker(std::span<const std::string> replica_addresses);

/// True where `grouping` holds `marker`.
bool holds_marker(std::span<const std::string> grouping, std::string_view marker);

/// How many proxies the read has come through.
std::size_t proxies_passed(std::span<const std::string> grouping);

/// A braid of braids has a depth of two or three; beyond this somebody is lost.
inline constexpr std::size_t max_proxies = 8;

}  // namespace prombraid::query
