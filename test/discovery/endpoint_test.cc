#include "discovery/endpoint.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "discovery/hosts_file.h"

namespace prombraid::discovery {
namespace {

Endpoint at(std::string host, std::string ip, std::uint16_t port = 9090,
            std::string path = "/api/v1/read") {
  return {std::move(host), std::move(ip), port, std::move(path)};
}

TEST_CASE("the key of an endpoint") {
  CHECK(at("prom", "10.0.0.7").key() == "10.0.0.7:9090");
  CHECK(at("prom", "::1").key() == "[::1]:9090");
  CHECK(at("prom", "10.0.0.7", 80, "/a/read").key() == "10.0.0.7:80/a/read");
}

TEST_CASE("one address has one form") {
  CHECK(canonical_ip("::ffff:10.0.0.7") == "10.0.0.7");
  CHECK(canonical_ip("::FFFF:a00:7") == "10.0.0.7");
  CHECK(canonical_ip("2001:DB8:0::1") == "2001:db8::1");
  CHECK(canonical_ip("::ffff:0.0.0.0") == "0.0.0.0");
  CHECK_FALSE(canonical_ip("10.0.0"));
  CHECK_FALSE(canonical_ip("10.0.0.07"));
  CHECK_FALSE(canonical_ip(""));
  CHECK_FALSE(canonical_ip(std::string_view("::1\0x", 5)));
}

TEST_CASE("a set has each server once, in the same order whatever it was made from") {
  std::vector<Endpoint> endpoints = {at("b", "10.0.0.2"), at("a", "10.0.0.1"),
                                     at("b", "10.0.0.1"), at("a", "10.0.0.1", 9091),
                                     at("c", "::1"),      at("a", "10.0.0.1", 9090, "/x")};
  std::sort(endpoints.begin(), endpoints.end());
  const EndpointSet first(endpoints);
  REQUIRE(first.size() == 5);
  REQUIRE(first.find("10.0.0.1:9090") != nullptr);
  CHECK(first.find("10.0.0.1:9090")->host == "a");
  CHECK(first.find("10.0.0.3:9090") == nullptr);
  while (std::next_permutation(endpoints.begin(), endpoints.end())) {
    REQUIRE(EndpointSet(endpoints) == first);
  }
}

TEST_CASE("the hosts file") {
  constexpr std::string_view text =
      "# a comment\n"
      "127.0.0.1\tlocalhost\n"
      "10.0.0.7  Prom-A.lan prom-a # the first\n"
      "10.0.0.8 prom-a\r\n"
      "::1 prom-a\n"
      "not-an-ip prom-a\n"
      "0.0.0.0 blocked\n"
      "10.0.0.9";
  const Answer a = read_hosts(text, "PROM-A.", RecordType::a);
  CHECK(a.kind == Answer::Kind::records);
  CHECK(a.records == std::vector<Record>{{"10.0.0.7", 0}, {"10.0.0.8", 0}});
  CHECK(read_hosts(text, "prom-a", RecordType::aaaa).records == std::vector<Record>{{"::1", 0}});
  CHECK(read_hosts(text, "localhost", RecordType::aaaa).kind == Answer::Kind::no_records);
  CHECK(read_hosts(text, "first", RecordType::a).kind == Answer::Kind::no_such_name);
  CHECK(read_hosts(text, "prom", RecordType::a).kind == Answer::Kind::no_such_name);
  const Answer blocked = read_hosts(text, "blocked", RecordType::a);
  CHECK(blocked.kind == Answer::Kind::no_records);
  CHECK(blocked.left_out == 1);
}

}  // namespace
}  // namespace prombraid::discovery
