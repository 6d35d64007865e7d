#include "discovery/address.h"

#include <doctest/doctest.h>

namespace prombraid::discovery {
namespace {

using Kind = Address::Kind;
using Scheme = Address::Scheme;

TEST_CASE("host and port") {
  const Address address = parse_address("prom:9090").value();
  CHECK(address == Address{Kind::host, "prom", 9090, "/api/v1/read"});
}

TEST_CASE("every form of an address") {
  struct Case {
    const char* text;
    Address want;
  };
  const std::string path(default_path);
  const Case cases[] = {
      {"10.0.0.7:9090", {Kind::ip, "10.0.0.7", 9090, path}},
      {"[::1]:9090", {Kind::ip, "::1", 9090, path}},
      {"[2001:DB8::0:1]:1", {Kind::ip, "2001:db8::1", 1, path}},
      {"[::ffff:10.0.0.7]:9090", {Kind::ip, "10.0.0.7", 9090, path}},
      {"dns+10.0.0.7:9090", {Kind::ip, "10.0.0.7", 9090, path}},
      {"Prom-A:65535", {Kind::host, "prom-a", 65535, path}},
      {"http://prom:9090", {Kind::host, "prom", 9090, path, Scheme::http}},
      {"https://prom:9090/", {Kind::host, "prom", 9090, path, Scheme::https}},
      {"prom:9090/p/api/v1/read?t=a", {Kind::host, "prom", 9090, "/p/api/v1/read?t=a"}},
      {"dns+prom.svc.cluster.local.:9090", {Kind::dns, "prom.svc.cluster.local.", 9090, path}},
      {"DNS+HTTPS://prom:9090/x", {Kind::dns, "prom", 9090, "/x", Scheme::https}},
      {"dnssrv+_web._tcp.prom", {Kind::srv, "_web._tcp.prom", 0, path}},
      {"dnssrvnoa+_web._tcp.prom", {Kind::srv_no_a, "_web._tcp.prom", 0, path}},
      {"dnssrv+http://_web._tcp.prom./x", {Kind::srv, "_web._tcp.prom.", 0, "/x", Scheme::http}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const Result<Address> got = parse_address(c.text);
    REQUIRE(got.has_value());
    CHECK(*got == c.want);
    CHECK(parse_address(to_string(*got)).value() == c.want);
  }
}

TEST_CASE("what is wrong with an address is said, with the cure") {
  struct Case {
    const char* text;
    const char* says;
  };
  const Case cases[] = {
      {"", "empty"},
      {"prom", "no port; write prom:9090"},
      {"http://prom/x", "no port; write prom:9090"},
      {"[::1]", "no port; write [::1]:9090"},
      {"dns+prom", "no port"},
      {"prom:", "from 1 to 65535"},
      {"prom:0", "from 1 to 65535"},
      {"prom:65536", "from 1 to 65535"},
      {"prom:+1", "unknown prefix"},
      {"prom:90a", "from 1 to 65535"},
      {":9090", "no host name"},
      {".:9090", "no host name"},
      {"a..b:1", "two dots"},
      {".a:1", "two dots"},
      {"a b:1", "letters, digits"},
      {"b\xc3\xbc:1", "xn--"},
      {"10.0.0.256:1", "IPv4"},
      {"10.0.1:1", "IPv4"},
      {"0.0.0.0:9090", "no destination"},
      {"[::]:9090", "no destination"},
      {"::1:9090", "in brackets"},
      {"[::1:9090", "without `]`"},
      {"[::1]9090", "after `]`"},
      {"[fe80::1%eth0]:9090", "zones"},
      {"[prom]:9090", "IPv6"},
      {"ftp://prom:9090", "unknown scheme; write https://, http:// or leave it out"},
      {"https://https://prom:9090", "unknown scheme"},
      {"srv+prom:9090", "unknown prefix"},
      {"http://dns+prom:9090", "unknown prefix"},
      {"me:secret@prom:9090", "password"},
      {"prom:9090/a b", "%XX"},
      {"prom:9090/a\r\nHost: x", "%XX"},
      {"a\nb", "write a?b:9090"},
      {"prom:9090#x", "begins with `/`"},
      {"prom:9090/#x", "`#`"},
      {"dnssrv+_web._tcp.prom:9090", "bring the port"},
      {"dnssrv+10.0.0.7", "belong to a name"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const Result<Address> got = parse_address(c.text);
    REQUIRE(got.has_error());
    CHECK(got.error().kind == ErrorKind::bad_request);
    CAPTURE(got.error().what);
    CHECK(got.error().what.find(c.says) != std::string::npos);
    CHECK(got.error().what.starts_with("replica address \""));
  }
  CHECK(parse_address(std::string(64, 'a') + ":1").error().what.find("63") != std::string::npos);
  CHECK(parse_address(std::string(3000, 'a')).error().what.find("2048") != std::string::npos);
}

TEST_CASE("a password that was given all the same is not shown") {
  struct Case {
    const char* text;
    const char* shown;
  };
  const Case cases[] = {
      {"me:pw@prom:9090", "\"<secret>@prom:9090\""},
      {"http://me:pw@prom:9090/x", "\"http://<secret>@prom:9090/x\""},
      {"dns+https://me:p@pw@prom:9090", "\"dns+https://<secret>@prom:9090\""},
      {"ftp://me:pw@prom:9090", "\"ftp://<secret>@prom:9090\""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const Result<Address> got = parse_address(c.text);
    REQUIRE(got.has_error());
    CAPTURE(got.error().what);
    CHECK(got.error().what.find(c.shown) != std::string::npos);
    CHECK(got.error().what.find("pw") == std::string::npos);
  }
}

}  // namespace
}  // namespace prombraid::discovery
