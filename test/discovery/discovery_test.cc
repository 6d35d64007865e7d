#include "discovery/discovery.h"

#include <optional>

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include "discovery/cares_resolver.h"
#include "scripted_dns.h"

namespace prombraid::discovery {
namespace {

using namespace testing;
using namespace std::chrono_literals;
using Messages = std::vector<Message>;
using Clock = std::chrono::steady_clock;

/// A when asked for A, an empty answer for all else.
Message only_a(const Query& query, std::vector<std::uint8_t> last) {
  Message m = query.reply();
  if (query.type != RecordType::a) return m;
  for (std::uint8_t byte : last) add_a(m, query.name, {10, 0, 0, byte}, 1);
  return m;
}

struct World {
  explicit World(ScriptedDns::Script script) : dns(io, std::move(script)) {
    options.refresh.interval = 100ms;
    options.refresh.minimum = 40ms;
    options.refresh.hold = 400ms;
    options.refresh.nudge_gap = 20ms;
    options.refresh.retry_first = 20ms;
    cares.servers = {dns.address()};
    cares.timeout = 100ms;
    cares.resolv_conf = "/dev/null";
    cares.hosts = "";
  }
  ~World() {
    if (discovery) discovery->stop();
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void start(std::vector<std::string> addresses) {
    for (const std::string& text : addresses) {
      options.addresses.push_back(parse_address(text).value());
    }
    discovery.emplace(io, options, make_cares_resolver(io, cares), [this](auto set) {
      REQUIRE(set != nullptr);
      published.push_back(std::move(set));
    });
    discovery->start();
  }

  std::vector<std::string> keys() const {
    std::vector<std::string> keys;
    for (const Endpoint& endpoint : *discovery->endpoints()) keys.push_back(endpoint.key());
    return keys;
  }
  bool becomes(const std::vector<std::string>& want) {
    return run_until(io, [&] { return keys() == want; });
  }
  /// Stays as it is now while that many more questions are asked.
  bool stays_for(std::size_t questions) {
    const auto before = discovery->endpoints();
    const std::size_t until = dns.queries().size() + questions;
    const bool asked = run_until(io, [&] { return dns.queries().size() >= until; });
    return asked && discovery->endpoints() == before;
  }

  boost::asio::io_context io;
  ScriptedDns dns;
  DiscoveryOptions options;
  CaresOptions cares;
  std::vector<std::shared_ptr<const EndpointSet>> published;
  std::optional<Discovery> discovery;
};

using Keys = std::vector<std::string>;

TEST_CASE("every address of a name is a replica, and a change is told once") {
  World world([](const Query& q) { return Messages{only_a(q, {8, 7})}; });
  world.start({"dns+prom.svc:9090"});
  CHECK(world.keys().empty());
  CHECK(world.becomes({"10.0.0.7:9090", "10.0.0.8:9090"}));
  CHECK((*world.discovery->endpoints())[0].host == "prom.svc");
  CHECK(world.stays_for(4));
  world.dns.set([](const Query& q) { return Messages{only_a(q, {8, 9})}; });
  CHECK(world.becomes({"10.0.0.8:9090", "10.0.0.9:9090"}));
  CHECK(world.published.size() == 2);
}

TEST_CASE("literal addresses need no DNS and are there at once") {
  World world([](const Query&) { return Messages{}; });
  world.start({"10.0.0.9:1", "[::1]:9090/x", "10.0.0.9:1"});
  CHECK(world.keys() == Keys{"10.0.0.9:1", "[::1]:9090/x"});
  CHECK(world.published.size() == 1);
  CHECK(world.discovery->status().lookups.empty());
}

TEST_CASE("both families, and two names of one server, once each") {
  World world([](const Query& q) {
    Message m = q.reply();
    if (q.type == RecordType::a) add_a(m, q.name, {10, 0, 0, 7});
    if (q.type == RecordType::aaaa) {
      add_a(m, q.name, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 7});
      add_a(m, q.name, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
    }
    return Messages{m};
  });
  world.start({"dns+b.svc:9090", "dns+a.svc:9090", "10.0.0.7:9090"});
  CHECK(world.becomes({"10.0.0.7:9090", "[::1]:9090"}));
  CHECK(run_until(world.io, [&] { return (*world.discovery->endpoints())[1].host == "a.svc"; }));
}

TEST_CASE("AAAA that is never answered does not hold up A") {
  World world([](const Query& q) {
    return q.type == RecordType::a ? Messages{only_a(q, {7})} : Messages{};
  });
  world.cares.timeout = 2s;
  const auto begin = Clock::now();
  world.start({"dns+prom.svc:9090", "prom.svc:9091"});
  CHECK(world.becomes({"10.0.0.7:9090", "10.0.0.7:9091"}));
  CHECK(Clock::now() - begin < 1s);
}

TEST_CASE("failures and time-outs keep the set") {
  World world([](const Query& q) { return Messages{only_a(q, {7})}; });
  world.start({"dns+prom.svc:9090"});
  REQUIRE(world.becomes({"10.0.0.7:9090"}));
  for (const unsigned rcode : {2U, 5U}) {
    world.dns.set([=](const Query& q) { return Messages{q.reply(rcode)}; });
    CHECK(world.stays_for(12));
  }
  world.dns.set([](const Query&) { return Messages{}; });
  CHECK(world.stays_for(4));
  const DiscoveryStatus status = world.discovery->status();
  CHECK(status.failures_total.at("server") >= 2);
  REQUIRE(status.lookups.size() == 2);
  CHECK(status.lookups[0].name == "prom.svc");
  CHECK(status.lookups[0].stale);
  CHECK(status.lookups[0].size == 1);
  CHECK(status.lookups[0].since_success.value() > 0ms);
}

TEST_CASE("when every name was looked up once, that is told") {
  World world(
      [](const Query& q) { return q.name == "mute.svc" ? Messages{} : Messages{only_a(q, {7})}; });
  world.start({"dns+prom.svc:9090", "dns+mute.svc:9090"});
  REQUIRE(world.becomes({"10.0.0.7:9090"}));
  CHECK(!world.discovery->asked_all());
  CHECK(run_until(world.io, [&] { return world.discovery->asked_all(); }));
  CHECK(world.published.size() == 2);
  CHECK(*world.published.front() == *world.published.back());
}

TEST_CASE("a name that vanishes is believed gone only after the hold") {
  for (const unsigned rcode : {0U, 3U}) {
    CAPTURE(rcode);
    World world([](const Query& q) { return Messages{only_a(q, {7})}; });
    world.start({"dns+prom.svc:9090"});
    REQUIRE(world.becomes({"10.0.0.7:9090"}));
    world.dns.set([=](const Query& q) { return Messages{q.reply(rcode)}; });
    const auto begin = Clock::now();
    CHECK(world.becomes({}));
    CHECK(Clock::now() - begin >= 400ms);
    world.dns.set([](const Query& q) { return Messages{only_a(q, {7})}; });
    CHECK(world.becomes({"10.0.0.7:9090"}));
  }
}

TEST_CASE("it starts without DNS") {
  World world([](const Query& q) { return Messages{q.reply(2)}; });
  world.start({"dns+prom.svc:9090"});
  CHECK(world.stays_for(8));
  world.dns.set([](const Query& q) { return Messages{only_a(q, {7})}; });
  CHECK(world.becomes({"10.0.0.7:9090"}));
}

TEST_CASE("SRV targets come and go") {
  World world([](const Query& q) {
    if (q.type != RecordType::srv) return Messages{only_a(q, {7, 8})};
    Message m = q.reply();
    add_srv(m, q.name, 9090, "a.svc", 1);
    add_srv(m, q.name, 9091, "b.svc", 1);
    return Messages{m};
  });
  SUBCASE("every address of each target") {
    world.start({"dnssrv+_web._tcp.prom.svc"});
    CHECK(world.becomes({"10.0.0.7:9090", "10.0.0.7:9091", "10.0.0.8:9090", "10.0.0.8:9091"}));
    CHECK(world.discovery->status().lookups.size() == 5);
    world.dns.set([](const Query& q) {
      if (q.type != RecordType::srv) return Messages{only_a(q, {7, 8})};
      Message m = q.reply();
      add_srv(m, q.name, 9090, "a.svc", 1);
      return Messages{m};
    });
    CHECK(world.becomes({"10.0.0.7:9090", "10.0.0.8:9090"}));
    CHECK(world.discovery->status().lookups.size() == 3);
  }
  SUBCASE("one address of each target, by its name") {
    world.start({"dnssrvnoa+_web._tcp.prom.svc"});
    CHECK(world.becomes({"10.0.0.7:9090", "10.0.0.7:9091"}));
    CHECK((*world.discovery->endpoints())[0].host == "a.svc");
  }
}

TEST_CASE("a refused connection asks again early") {
  World world([](const Query& q) { return Messages{only_a(q, {7})}; });
  world.options.refresh.interval = 60s;
  world.options.refresh.minimum = 30s;
  world.start({"dns+prom.svc:9090"});
  REQUIRE(world.becomes({"10.0.0.7:9090"}));
  world.dns.set([](const Query& q) { return Messages{only_a(q, {8})}; });
  world.discovery->nudge((*world.discovery->endpoints())[0]);
  CHECK(world.becomes({"10.0.0.8:9090"}));
}

TEST_CASE("a name of one replica keeps its address until that fails") {
  World world([](const Query& q) { return Messages{only_a(q, {9, 8, 7})}; });
  world.start({"prom.svc:9090"});
  REQUIRE(world.becomes({"10.0.0.7:9090"}));
  world.discovery->nudge((*world.discovery->endpoints())[0]);
  CHECK(world.becomes({"10.0.0.8:9090"}));
  CHECK(world.stays_for(6));
  world.dns.set([](const Query& q) { return Messages{only_a(q, {5, 6})}; });
  CHECK(world.becomes({"10.0.0.5:9090"}));
}

TEST_CASE("0.0.0.0 is refused, and what is excluded kept out; both are counted") {
  World world([](const Query& q) {
    Message m = only_a(q, {7, 8});
    if (q.type == RecordType::a) add_a(m, q.name, {0, 0, 0, 0});
    return Messages{m};
  });
  world.options.exclude = {"10.0.0.8:9090"};
  world.start({"dns+prom.svc:9090"});
  CHECK(world.becomes({"10.0.0.7:9090"}));
  CHECK(world.discovery->status().left_out >= 1);
  CHECK(world.discovery->status().excluded == 1);
}

TEST_CASE("after stop nothing is told and the loop ends; it may be stopped from within") {
  World world([](const Query& q) { return Messages{only_a(q, {7})}; });
  int told = 0;
  world.options.addresses = {parse_address("dns+prom.svc:9090").value()};
  std::optional<Discovery> discovery;
  discovery.emplace(world.io, world.options, make_cares_resolver(world.io, world.cares),
                    [&](const auto&) {
                      ++told;
                      discovery.reset();
                    });
  discovery->start();
  CHECK(run_until(world.io, [&] { return told > 0; }));
  const std::size_t asked = world.dns.queries().size();
  world.io.run_for(300ms);
  CHECK(told == 1);
  CHECK(world.dns.queries().size() <= asked + 1);
}

}  // namespace
}  // namespace prombraid::discovery
