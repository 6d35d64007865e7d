/// Where a server listens, as flags write it.
#pragma once

#include <string_view>

#include <boost/asio/ip/tcp.hpp>

#include "base/error.h"

namespace prombraid::server {

struct ListenAddress {
  boost::asio::ip::tcp::endpoint endpoint;
  bool dual_stack = false;  ///< `[::]` that takes IPv4 too; plain IPv4 where the host has no IPv6

  /// ":9201" (every address of both families), "127.0.0.1:0", "[::1]:9201", "0.0.0.0:9201".
  /// Names are refused: a listener must not depend on DNS.
  static Result<ListenAddress> parse(std::string_view text);
};

}  // namespace prombraid::server
