#include "discovery/answer.h"

#include <doctest/doctest.h>

#include "dns_message.h"

namespace prombraid::discovery {
namespace {

using namespace testing;
using Kind = Answer::Kind;

TEST_CASE("two A records") {
  Message m = reply_to("prom.svc", RecordType::a);
  add_a(m, "prom.svc", {10, 0, 0, 8}, 30);
  add_a(m, "PROM.svc", {10, 0, 0, 7}, 7);
  const Answer answer = read_answer(m, RecordType::a);
  CHECK(answer.kind == Kind::records);
  CHECK(answer.records == std::vector<Record>{{"10.0.0.7", 0}, {"10.0.0.8", 0}});
  CHECK(answer.ttl == 7);
  CHECK(answer.text == "2 A records, TTL 7 s");
}

TEST_CASE("AAAA records; an IPv4-mapped one is the IPv4 address") {
  Message m = reply_to("p", RecordType::aaaa);
  add_a(m, "p", {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
  add_a(m, "p", {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 7});
  CHECK(read_answer(m, RecordType::aaaa).records ==
        std::vector<Record>{{"10.0.0.7", 0}, {"2001:db8::1", 0}});
}

TEST_CASE("SRV records; those that name no service are left out") {
  Message m = reply_to("_w._tcp.p", RecordType::srv);
  add_srv(m, "_w._tcp.p", 9090, "a.p", 0x80000001U);
  add_srv(m, "_w._tcp.p", 9091, "b.p");
  add_srv(m, "_w._tcp.p", 0, "c.p");
  add_srv(m, "_w._tcp.p", 9090, "");
  add_srv(m, "_w._tcp.p", 9090, "d d.p");
  const Answer answer = read_answer(m, RecordType::srv);
  CHECK(answer.records == std::vector<Record>{{"a.p.", 9090}, {"b.p.", 9091}});
  CHECK(answer.left_out == 3);
  CHECK(answer.ttl == 0);  // the top bit
}

TEST_CASE("CNAMEs are followed in whatever order they stand, and their TTL counts") {
  Message m = reply_to("a", RecordType::a);
  add_a(m, "c", {10, 0, 0, 7});
  add_a(m, "z", {10, 0, 0, 9});  // nobody asked for this name
  add_cname(m, "b", "c", 11);
  add_cname(m, "a", "b", 12);
  const Answer answer = read_answer(m, RecordType::a);
  CHECK(answer.records == std::vector<Record>{{"10.0.0.7", 0}});
  CHECK(answer.ttl == 11);
}

TEST_CASE("a CNAME that leads nowhere is an empty answer, a circle a failure") {
  Message m = reply_to("a", RecordType::a);
  add_cname(m, "a", "b");
  CHECK(read_answer(m, RecordType::a).kind == Kind::no_records);
  add_cname(m, "b", "a");
  const Answer answer = read_answer(m, RecordType::a);
  CHECK(answer.kind == Kind::failed);
  CHECK(answer.reason == "cname_loop");
}

TEST_CASE("what says nothing, and what says there is nothing") {
  CHECK(read_answer(reply_to("p", RecordType::a), RecordType::a).kind == Kind::no_records);
  CHECK(read_answer(reply_to("p", RecordType::a, 3), RecordType::a).kind == Kind::no_such_name);
  for (unsigned rcode : {1U, 2U, 4U, 5U}) {
    CHECK(read_answer(reply_to("p", RecordType::a, rcode), RecordType::a).reason == "server");
  }
  CHECK(read_answer(reply_to("p", RecordType::a), RecordType::aaaa).reason == "malformed");
  CHECK(read_answer({}, RecordType::a).reason == "malformed");
}

TEST_CASE("0.0.0.0 and :: are refused and counted") {
  Message m = reply_to("p", RecordType::a);
  add_a(m, "p", {0, 0, 0, 0});
  CHECK(read_answer(m, RecordType::a).kind == Kind::no_records);
  CHECK(read_answer(m, RecordType::a).left_out == 1);
  add_a(m, "p", {127, 0, 0, 1});
  CHECK(read_answer(m, RecordType::a).records.size() == 1);
}

TEST_CASE("at most a thousand records, always the same ones") {
  Message m = reply_to("p", RecordType::a);
  for (unsigned i = 0; i < 1500; ++i) {
    const unsigned n = 1500 - i;
    add_a(m, "p", {10, 0, static_cast<std::uint8_t>(n >> 8), static_cast<std::uint8_t>(n)});
  }
  const Answer answer = read_answer(m, RecordType::a);
  CHECK(answer.records.size() == 1000);
  CHECK(answer.left_out == 500);
}

TEST_CASE("every cut of a good reply is a failure, never an empty answer") {
  Message m = reply_to("a", RecordType::srv);
  add_cname(m, "a", "b");
  add_srv(m, "b", 9090, "t.p");
  REQUIRE(read_answer(m, RecordType::srv).kind == Kind::records);
  for (std::size_t size = 0; size < m.size(); ++size) {
    CAPTURE(size);
    const Message cut(m.begin(), m.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK(read_answer(cut, RecordType::srv).reason == "malformed");
  }
}

TEST_CASE("a name that points at itself ends") {
  Message m = reply_to("", RecordType::a);
  m[12] = 0xc0;  // the question's name: a pointer to its own place
  m.insert(m.begin() + 13, 12);
  CHECK(read_answer(m, RecordType::a).reason == "malformed");
}

TEST_CASE("a record of the wrong size is a failure") {
  Message m = reply_to("p", RecordType::a);
  add_record(m, "p", 1, 60, {10, 0, 0});
  CHECK(read_answer(m, RecordType::a).reason == "malformed");
}

}  // namespace
}  // namespace prombraid::discovery
