#include "read/replica_watch.h"

#include <cstdint>

#include <boost/asio/ip/tcp.hpp>
#include <doctest/doctest.h>

namespace prombraid::read {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

TEST_CASE("a stop ends a look at a replica that is silent") {
  asio::io_context io;
  // The kernel takes the connection; nobody ever reads from it.
  asio::ip::tcp::acceptor silent(io, {asio::ip::address_v4::loopback(), 0});
  metrics::Metrics metrics({});
  WatchOptions options;
  options.look_timeout = 10min;
  ReplicaWatch watch(io, metrics, options, [](const ReplicaSetPtr&) {});
  const std::uint16_t port = silent.local_endpoint().port();
  watch.follow(discovery::EndpointSet({{"replica", "127.0.0.1", port, "/api/v1/read"}}));
  io.run_for(100ms);
  CHECK(!io.stopped());
  watch.stop();
  io.run_for(1min);
  CHECK(io.stopped());
}

}  // namespace
}  // namespace prombraid::read
