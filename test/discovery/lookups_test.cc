#include "discovery/lookups.h"

#include <doctest/doctest.h>

namespace prombraid::discovery {
namespace {

using namespace std::chrono_literals;

const TimePoint start{};

Address address_of(const std::string& text) {
  auto parsed = parse_address(text);
  REQUIRE(parsed.has_value());
  return *parsed;
}

Answer records(std::vector<Record> some) {
  Answer answer;
  answer.kind = Answer::Kind::records;
  answer.records = std::move(some);
  return answer;
}

Answer failure() {
  Answer answer;
  answer.kind = Answer::Kind::failed;
  answer.reason = "timeout";
  return answer;
}

Record a(const std::string& ip) {
  Record record;
  record.target = ip;
  return record;
}

std::vector<std::string> keys(Lookups& lookups) {
  std::vector<std::string> out;
  for (const Endpoint& endpoint : lookups.endpoints()) out.push_back(endpoint.key());
  return out;
}

using Keys = std::vector<Lookups::Key>;
using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a name is asked for in both families, and brings an endpoint for each address") {
  Lookups lookups({address_of("dns+prom:9090")}, {}, start);
  CHECK(lookups.take_due(start) == Keys{{"prom", RecordType::a}, {"prom", RecordType::aaaa}});
  CHECK(lookups.take_due(start).empty());
  CHECK_FALSE(lookups.next_due());
  CHECK(lookups.answered({"prom", RecordType::a}, records({a("10.0.0.1"), a("10.0.0.2")}), start, 0)
            .wanted);
  CHECK(keys(lookups) == Names{"10.0.0.1:9090", "10.0.0.2:9090"});
  CHECK(lookups.asked_all());
  CHECK(lookups.next_due().has_value());
}

TEST_CASE("a failure keeps what there was, and is told") {
  Lookups lookups({address_of("dns+prom:9090")}, {}, start);
  lookups.take_due(start);
  lookups.answered({"prom", RecordType::a}, records({a("10.0.0.1")}), start, 0);
  const Lookups::Taken taken = lookups.answered({"prom", RecordType::a}, failure(), start + 30s, 0);
  CHECK(taken.failed);
  CHECK(taken.kept == 1);
  CHECK(keys(lookups) == Names{"10.0.0.1:9090"});
}

TEST_CASE("the targets of an SRV name are asked for while it has them") {
  Lookups lookups({address_of("dnssrv+_http._tcp.prom")}, {}, start);
  const Lookups::Key srv("_http._tcp.prom", RecordType::srv);
  CHECK(lookups.take_due(start) == Keys{srv});
  Record target = a("a.prom");
  target.port = 9091;
  lookups.answered(srv, records({target}), start, 0);
  CHECK(lookups.take_due(start).size() == 2);
  lookups.answered({"a.prom", RecordType::a}, records({a("10.0.0.1")}), start, 0);
  CHECK(keys(lookups) == Names{"10.0.0.1:9091"});
  target.target = "b.prom";
  lookups.answered(srv, records({target}), start + 30s, 0);
  CHECK_FALSE(
      lookups.answered({"a.prom", RecordType::a}, records({a("10.0.0.1")}), start + 30s, 0).wanted);
  CHECK(keys(lookups).empty());
}

TEST_CASE("of a million addresses behind one SRV name the first ones are endpoints") {
  Lookups lookups({address_of("dnssrv+_http._tcp.prom")}, {}, start);
  lookups.take_due(start);
  std::vector<Record> targets;
  for (std::size_t i = 0; i < max_records; ++i) {
    targets.push_back(a(std::to_string(i) + ".prom"));
    targets.back().port = 9090;
  }
  lookups.answered({"_http._tcp.prom", RecordType::srv}, records(targets), start, 0);
  std::vector<Record> addresses;
  for (std::size_t i = 0; i < max_records; ++i) {
    addresses.push_back(a("10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250)));
  }
  for (const auto& key : lookups.take_due(start)) {
    lookups.answered(key, key.second == RecordType::a ? records(addresses) : failure(), start, 0);
  }
  CHECK(lookups.endpoints().size() == max_endpoints);
  CHECK(lookups.endpoints().back().host == "9.prom");
}

TEST_CASE("a name of one replica moves on from an address that refuses, not too often") {
  Lookups lookups({address_of("prom:9090")}, {}, start);
  lookups.take_due(start);
  lookups.answered({"prom", RecordType::a}, records({a("10.0.0.1"), a("10.0.0.2")}), start, 0);
  CHECK(keys(lookups) == Names{"10.0.0.1:9090"});
  lookups.nudge(lookups.endpoints().front(), start + 10s);
  CHECK(keys(lookups) == Names{"10.0.0.2:9090"});
  lookups.nudge(lookups.endpoints().front(), start + 11s);
  CHECK(keys(lookups) == Names{"10.0.0.2:9090"});
  lookups.nudge(lookups.endpoints().front(), start + 20s);
  CHECK(keys(lookups) == Names{"10.0.0.1:9090"});
}

}  // namespace prombraid::discovery
