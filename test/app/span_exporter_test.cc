#include "app/span_exporter.h"

#include <boost/asio/ip/tcp.hpp>
#include <doctest/doctest.h>

namespace prombraid::app {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;

config::Config sending_to(const std::string& host, unsigned short port) {
  config::Config config;
  config.tracing_endpoint = "http://" + host + ":" + std::to_string(port);
  config.tracing_timeout = 25s;
  return config;
}

discovery::Address address_of(const config::Config& config) {
  return discovery::parse_address(config.tracing_endpoint).value();
}

TEST_CASE("a collector that hangs holds up the end for a second") {
  boost::asio::io_context io;
  // The kernel takes the connection, and nobody ever answers on it.
  const tcp::acceptor silent(io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
  SpanQueue queue;
  queue.add({trace::Span()});
  const auto config = sending_to("127.0.0.1", silent.local_endpoint().port());
  SpanExporter exporter(io, queue, config, address_of(config));
  exporter.start();
  io.run_for(2s);
  CHECK(queue.take().empty());  // on its way
  exporter.stop();
  const auto begun = std::chrono::steady_clock::now();
  io.run();
  CHECK(std::chrono::steady_clock::now() - begun < 10s);
}

}  // namespace
}  // namespace prombraid::app
