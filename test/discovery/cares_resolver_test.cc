#include "discovery/cares_resolver.h"

#include <optional>
#include <random>

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include "base/folder.h"
#include "scripted_dns.h"

namespace prombraid::discovery {
namespace {

using namespace testing;
using namespace std::chrono_literals;
using Kind = Answer::Kind;
using Messages = std::vector<Message>;
using Clock = std::chrono::steady_clock;

Message a_record(const Query& query, std::uint8_t last = 7) {
  Message m = query.reply();
  add_a(m, query.name, {10, 0, 0, last}, 30);
  return m;
}

struct World {
  explicit World(ScriptedDns::Script script) : dns(io, std::move(script)) {
    options.servers = {dns.address()};
    options.timeout = 2s;  // never reached where a server answers, even on a busy machine
    options.resolv_conf = folder.file("none");
    options.hosts = "";
  }

  Answer ask(const std::string& name, RecordType type = RecordType::a) {
    if (!resolver) resolver = make_cares_resolver(io, options);
    std::optional<Answer> answer;
    resolver->lookup(name, type, [&](Answer a) { answer = std::move(a); });
    CHECK_FALSE(answer);  // never from within the call
    REQUIRE(run_until(io, [&] { return answer.has_value(); }));
    return *answer;
  }

  Folder folder;
  boost::asio::io_context io;
  ScriptedDns dns;
  CaresOptions options;
  std::unique_ptr<Resolver> resolver;
};

TEST_CASE("one A record") {
  World world([](const Query& q) { return Messages{a_record(q)}; });
  const Answer answer = world.ask("prom.svc");
  CHECK(answer.kind == Kind::records);
  CHECK(answer.records == std::vector<Record>{{"10.0.0.7", 0}});
  CHECK(answer.ttl == 30);
  CHECK(world.dns.queries().size() == 1);
}

TEST_CASE("AAAA and SRV") {
  World world([](const Query& q) {
    Message m = q.reply();
    if (q.type == RecordType::aaaa) {
      add_a(m, q.name, {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
    } else {
      add_srv(m, q.name, 9090, "prom-0.svc", 17);
    }
    return Messages{m};
  });
  CHECK(world.ask("p", RecordType::aaaa).records == std::vector<Record>{{"2001:db8::1", 0}});
  const Answer srv = world.ask("_web._tcp.p", RecordType::srv);
  CHECK(srv.records == std::vector<Record>{{"prom-0.svc.", 9090}});
  CHECK(srv.ttl == 17);
}

TEST_CASE("a truncated answer is asked for again by TCP") {
  World world([](const Query& q) {
    Message m = q.reply();
    if (!q.tcp) {
      m[2] |= 0x02;
      return Messages{m};
    }
    for (unsigned i = 1; i <= 200; ++i) {
      add_a(m, q.name, {10, 0, 1, static_cast<std::uint8_t>(i)}, 0x80000000U);
    }
    return Messages{m};
  });
  const Answer answer = world.ask("prom.svc");
  CHECK(answer.records.size() == 200);
  CHECK(answer.ttl == 0);
  CHECK(world.dns.queries().back().tcp);
}

TEST_CASE("what servers say when they have no answer") {
  struct Case {
    const char* name;
    unsigned rcode;
    Kind kind;
    const char* reason;
  };
  const Case cases[] = {
      {"empty", 0, Kind::no_records, ""},      {"FORMERR", 1, Kind::failed, "server"},
      {"SERVFAIL", 2, Kind::failed, "server"}, {"NXDOMAIN", 3, Kind::no_such_name, ""},
      {"NOTIMP", 4, Kind::failed, "server"},   {"REFUSED", 5, Kind::failed, "server"}};
  for (const Case& c : cases) {
    CAPTURE(c.name);
    World world([&](const Query& q) { return Messages{q.reply(c.rcode)}; });
    const Answer answer = world.ask("prom.svc");
    CHECK(answer.kind == c.kind);
    CHECK(answer.reason == c.reason);
  }
}

TEST_CASE("silence is a time-out, in a bounded time") {
  World world([](const Query&) { return Messages{}; });
  world.options.timeout = 100ms;
  const auto begin = Clock::now();
  const Answer answer = world.ask("prom.svc");
  CHECK(answer.reason == "timeout");
  CHECK(Clock::now() - begin >= 250ms);  // 100 ms, then 200 ms
  CHECK(Clock::now() - begin < 3s);
  CHECK(world.dns.queries().size() == 2);
}

TEST_CASE("packets that are no answer are passed over") {
  World world([](const Query& q) {
    Message wrong_id = a_record(q, 66);
    wrong_id[1] ^= 1;
    Message wrong_question = reply_to("evil.svc", q.type, 0, q.id);
    add_a(wrong_question, "evil.svc", {10, 0, 0, 66});
    return Messages{Message{}, Message{0},     Message(600, 0xff),
                    wrong_id,  wrong_question, a_record(q)};
  });
  CHECK(world.ask("prom.svc").records == std::vector<Record>{{"10.0.0.7", 0}});
}

TEST_CASE("the right id with a broken body is a failure, not an empty answer") {
  World world([](const Query& q) {
    Message m = a_record(q);
    m.resize(m.size() - 2);
    return Messages{m};
  });
  CHECK(world.ask("prom.svc").kind == Kind::failed);
}

TEST_CASE("2000 replies with the right id, each with some bytes changed or cut off") {
  std::minstd_rand random(1);
  World world([&](const Query& q) {
    Message m = q.reply();
    add_cname(m, q.name, "b.svc");
    add_a(m, "b.svc", {10, 0, 0, 7});
    for (int i = 0; i < 3; ++i)
      m[2 + random() % (m.size() - 2)] = static_cast<std::uint8_t>(random());
    if (random() % 4 == 0) m.resize(2 + random() % (m.size() - 2));
    return Messages{m, a_record(q)};
  });
  int ended = 0;
  world.resolver = make_cares_resolver(world.io, world.options);
  for (int i = 0; i < 2000; ++i) {
    world.resolver->lookup("prom.svc", RecordType::a, [&](const Answer& answer) {
      ++ended;
      CHECK((answer.kind == Kind::records) == !answer.records.empty());
    });
  }
  CHECK(run_until(world.io, [&] { return ended == 2000; }, 30));
}

TEST_CASE("a chain of CNAMEs, and a circle") {
  World world([](const Query& q) {
    Message m = q.reply();
    add_cname(m, q.name, "b.svc", 9);
    add_cname(m, "b.svc", q.name == "circle.svc" ? "circle.svc" : "c.svc");
    add_a(m, "c.svc", {10, 0, 0, 7});
    return Messages{m};
  });
  const Answer answer = world.ask("a.svc");
  CHECK(answer.records == std::vector<Record>{{"10.0.0.7", 0}});
  CHECK(answer.ttl == 9);
  CHECK(world.ask("circle.svc").reason == "cname_loop");
}

TEST_CASE("search domains and ndots; a trailing dot asks once") {
  World world([](const Query& q) {
    return Messages{q.name == "prom.ns.svc.lan" ? a_record(q) : q.reply(3)};
  });
  world.options.resolv_conf =
      world.folder.write("resolv.conf", "search other.lan svc.lan\noptions ndots:5\n");
  CHECK(world.ask("prom.ns").kind == Kind::records);
  CHECK(world.dns.queries().size() == 2);
  CHECK(world.ask("prom.ns.").kind == Kind::no_such_name);
  CHECK(world.dns.queries().size() == 3);
}

TEST_CASE("it starts with any resolv.conf") {
  Folder folder;
  const std::string cases[] = {folder.file("absent"),
                               folder.path(),
                               folder.write("empty", ""),
                               folder.write("garbage", std::string("\0\xff nameserver\n", 14)),
                               folder.write("none", "nameserver not-an-ip\nsearch\noptions\n"),
                               folder.write("long", std::string(100'000, 'x'))};
  for (const std::string& path : cases) {
    CAPTURE(path);
    World world([](const Query& q) { return Messages{a_record(q)}; });
    world.options.resolv_conf = path;
    CHECK(world.ask("prom.svc").kind == Kind::records);
  }
}

TEST_CASE("after three failures in a row resolv.conf is read again") {
  World world(
      [](const Query& q) { return Messages{q.name == "prom.new.lan" ? a_record(q) : q.reply(2)}; });
  const std::string search = "options ndots:5\nsearch ";
  world.options.resolv_conf = world.folder.write("resolv.conf", search + "old.lan\n");
  CHECK(world.ask("prom").reason == "server");
  world.folder.write("resolv.conf", search + "new.lan\n");
  CHECK(world.ask("prom").reason == "server");
  CHECK(world.ask("prom").reason == "server");
  CHECK(world.ask("prom").kind == Kind::records);
}

TEST_CASE("the hosts file comes first, and localhost is never asked for") {
  World world([](const Query& q) { return Messages{a_record(q, 9)}; });
  world.options.hosts = world.folder.write("hosts", "10.1.1.1 prom.lan prom\n");
  CHECK(world.ask("prom.lan.").records == std::vector<Record>{{"10.1.1.1", 0}});
  CHECK(world.ask("prom", RecordType::aaaa).kind == Kind::no_records);
  CHECK(world.ask("localhost").records == std::vector<Record>{{"127.0.0.1", 0}});
  CHECK(world.ask("localhost.", RecordType::aaaa).records == std::vector<Record>{{"::1", 0}});
  CHECK(world.dns.queries().empty());
  CHECK(world.ask("other").records == std::vector<Record>{{"10.0.0.9", 0}});
}

TEST_CASE("many lookups at once all end") {
  World world([](const Query& q) { return Messages{a_record(q)}; });
  world.resolver = make_cares_resolver(world.io, world.options);
  int good = 0;
  for (int i = 0; i < 300; ++i) {
    world.resolver->lookup("p" + std::to_string(i) + ".svc", RecordType::a,
                           [&](const Answer& a) { good += a.kind == Kind::records; });
  }
  CHECK(run_until(world.io, [&] { return good == 300; }));
}

TEST_CASE("cancel forgets what is under way and lets the loop end") {
  boost::asio::io_context io;
  std::optional<ScriptedDns> dns(std::in_place, io, [](const Query&) { return Messages{}; });
  CaresOptions options;
  options.servers = {dns->address()};
  options.hosts = "";
  const auto resolver = make_cares_resolver(io, options);
  bool told = false;
  for (int i = 0; i < 100; ++i) {
    resolver->lookup("prom.svc", RecordType::a, [&](const Answer&) { told = true; });
  }
  io.run_for(50ms);
  resolver->cancel();
  dns.reset();
  io.restart();
  io.run_for(5s);
  CHECK(io.stopped());
  CHECK_FALSE(told);
}

TEST_CASE("a DNS server is an address and a port") {
  for (const char* good : {"10.0.0.53", "10.0.0.53:53", "::1", "[::1]", "[::1]:5353"}) {
    CAPTURE(good);
    CHECK(check_dns_server(good).has_value());
  }
  for (const char* bad : {"", "dns.lan", "dns.lan:53", "10.0.0.53:", "10.0.0.53:0", "[::1",
                          "10.0.0.53:65536", "[10.0.0.53]:53", "::1]:53", "1.1.1.1,8.8.8.8"}) {
    CAPTURE(bad);
    REQUIRE(check_dns_server(bad).has_error());
    CHECK(check_dns_server(bad).error().what.find("10.0.0.53:5353") != std::string::npos);
  }
}

}  // namespace
}  // namespace prombraid::discovery
