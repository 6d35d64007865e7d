/// DNS by c-ares on an Asio event loop.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "base/error.h"
#include "discovery/resolver.h"

namespace prombraid::discovery {

struct CaresOptions {
  std::vector<std::string> servers;          ///< `IP:port` or `IP`; none: those of resolv.conf
  std::chrono::milliseconds timeout{2'000};  ///< for the first try of each server
  int tries = 2;                             ///< per server
  std::string resolv_conf = "/etc/resolv.conf";
  std::string hosts = "/etc/hosts";  ///< empty: none is read
};

/// `10.0.0.53`, `10.0.0.53:53`, `[::1]:5353`, `::1`; fails with bad_request and the cure.
Result<void> check_dns_server(const std::string& server);

/// Answers come from, in this order: the name `localhost` (RFC 6761: never asked of a server), the
/// hosts file, the DNS servers (UDP with EDNS 1232, TCP where truncated, search domains for names
/// without a trailing dot).
///
/// The hosts file is read at most once in 5 s, whole and at most 1 MiB of it: one small local read
/// where c-ares would read it line by line in every lookup. A missing or broken resolv.conf is no
/// error: 127.0.0.1 is asked then, as the C library would, and the file is read again with every
/// new channel: after three failures in a row.
///
/// Must be used and destroyed on the thread that runs `io`, which must outlive it.
std::unique_ptr<Resolver> make_cares_resolver(boost::asio::io_context& io, CaresOptions options);

}  // namespace prombraid::discovery
