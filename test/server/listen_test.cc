// Bounds on connections, want of descriptors, and the end of a server.
#include <cerrno>
#include <string>
#include <vector>

#include <boost/system/error_code.hpp>
#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "server/world.h"

namespace prombraid::server::test {
namespace {

const std::string kGet = "GET /echo HTTP/1.1\r\nHost: h\r\n";
const std::string kGetClose = kGet + "Connection: close\r\n\r\n";
const std::string kWait = "GET /wait HTTP/1.1\r\nHost: h\r\n\r\n";
const std::string kSlow = "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n";

ServerOptions few_connections() {
  ServerOptions options = quick_options();
  options.connections = 3;
  return options;
}

TEST_CASE("above the connection limit the oldest idle one is closed") {
  World world(few_connections());
  std::vector<Client> clients;
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back(world.port());
    REQUIRE(soon([&] { return world.connections() == clients.size(); }));
  }
  CHECK(status_of(ask(world, kGetClose)) == 200);
  CHECK(world.counters().evicted == 1);
  CHECK(clients[0].read_all().empty());
  CHECK(clients[0].at_end());
  clients[2].send(kGetClose);
  CHECK(status_of(clients[2].read_all()) == 200);
}

TEST_CASE("with no idle one to close, accepting pauses and resumes") {
  World world(few_connections());
  std::vector<Client> busy;
  for (int i = 0; i < 3; ++i) {
    busy.emplace_back(world.port());
    busy.back().send(kWait);
  }
  REQUIRE(soon([&] { return world.seen().waiting == 3; }));
  Client late(world.port());
  late.send(kGetClose);
  CHECK(soon([&] { return world.counters().accept_pauses == 1; }));
  CHECK(world.counters().accepted == 3);
  busy.pop_back();
  CHECK(status_of(late.read_all()) == 200);
  CHECK(world.counters().evicted == 0);
}

TEST_CASE("connections that wait at two listeners cost no turns of the loop") {
  ServerOptions options = quick_options();
  options.connections = 1;
  World world(options);
  const unsigned short second = world.listen_too();
  Client busy(world.port());
  busy.send(kWait);
  REQUIRE(soon([&] { return world.seen().waiting == 1; }));
  Client here(world.port());
  Client there(second);
  REQUIRE(soon([&] { return world.counters().accept_pauses == 2; }));
  const std::size_t before = world.turns();
  std::this_thread::sleep_for(milliseconds(200));
  CHECK(world.turns() - before < 500);  // a few a tick
  here.send(kGetClose);
  there.send(kGetClose);
  busy.close();
  CHECK(status_of(here.read_all()) == 200);
  CHECK(status_of(there.read_all()) == 200);
}

TEST_CASE("a connection whose request has come already is not closed to make room") {
  ServerOptions options = quick_options();
  options.connections = 1;
  World world(options);
  Client busy(world.port());
  busy.send(kWait);
  REQUIRE(soon([&] { return world.seen().waiting == 1; }));
  std::vector<Client> late;
  for (int i = 0; i < 3; ++i) {
    late.emplace_back(world.port());
    late.back().send(kGetClose);
  }
  busy.close();
  for (Client& client : late) CHECK(status_of(client.read_all()) == 200);
}

TEST_CASE("running out of descriptors is survived without spinning") {
  World world;
  CHECK(status_of(ask(world, kGetClose)) == 200);
  Client busy(world.port());
  busy.send(kWait);  // not idle: cannot be closed to make room
  REQUIRE(soon([&] { return world.seen().waiting == 1; }));

  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  Client late(world.port());
  REQUIRE(soon([&] { return world.connections() == 2; }));
  late.send(kWait);
  REQUIRE(soon([&] { return world.seen().waiting == 2; }));
  const int next = ::dup(0);
  ::close(next);
  // UBSan opens a pipe when it first looks at an object of a class, which it cannot do below.
  CHECK_FALSE(
      boost::system::error_code(EMFILE, boost::system::system_category()).message().empty());
  // Room for the client's own end and nothing more.
  const rlimit tight{static_cast<rlim_t>(next + 1), before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &tight) == 0);
  Client starved(world.port());
  starved.send(kGetClose);
  CHECK(soon([&] { return world.counters().accept_errors >= 2; }));
  std::this_thread::sleep_for(milliseconds(300));
  CHECK(world.counters().accept_errors < 10);
  CHECK(world.counters().accepted == 3);
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
  CHECK(status_of(starved.read_all()) == 200);
  const std::lock_guard lock(world.seen().guard);
  CHECK(world.seen().warnings.size() == 1);
}

TEST_CASE("draining finishes what runs, says close, and takes nothing new") {
  World world;
  Client idle(world.port());
  Client running(world.port());
  running.send(kSlow + kSlow);
  REQUIRE(soon([&] { return world.connections() == 2; }));
  std::this_thread::sleep_for(milliseconds(50));
  world.drain();
  CHECK(idle.read_all().empty());
  const std::string answer = running.read_all();
  CHECK(count(answer, "slow but whole") == 1);
  CHECK(count(answer, "Connection: close\r\n") == 1);
  CHECK_THROWS(Client(world.port()));
  CHECK(world.drained_within(milliseconds(1000)));
  CHECK(world.counters().connections == 0);
}

TEST_CASE("abort_all ends what does not end by itself") {
  World world;
  Client client(world.port());
  client.send(kWait);
  REQUIRE(soon([&] { return world.seen().waiting == 1; }));
  world.drain();
  CHECK_FALSE(world.drained_within(milliseconds(100)));
  world.abort_all();
  CHECK(world.drained_within(milliseconds(1000)));
  CHECK(world.seen().left == 1);
  client.read_all();
  CHECK(client.was_reset());
}

TEST_CASE("two servers can share an address, and a taken one is an error") {
  boost::asio::io_context io(1);
  const Router router;
  ServerCounters counters;
  ServerOptions options;
  options.reuse_port = true;
  Server first(io, router, options, counters, ServerHooks());
  Server second(io, router, options, counters, ServerHooks());
  ListenAddress address = ListenAddress::parse("[::1]:0").value();
  const auto bound = first.listen(address);
  REQUIRE(bound.has_value());
  address.endpoint = *bound;
  CHECK(second.listen(address).has_value());
  const auto shared = free_to_listen(io, address);
  REQUIRE(shared.has_error());
  CHECK(count(shared.error().what, "listen on [::1]:") == 1);
  CHECK(free_to_listen(io, ListenAddress::parse("[::1]:0").value()).has_value());
  Server alone(io, router, ServerOptions(), counters, ServerHooks());
  const auto taken = alone.listen(address);
  REQUIRE_FALSE(taken.has_value());
  CHECK(count(taken.error().what, "listen on [::1]:") == 1);
  CHECK(alone.listen(ListenAddress::parse(":0").value()).has_value());
}

}  // namespace
}  // namespace prombraid::server::test
