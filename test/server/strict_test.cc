// What the server refuses, over real sockets. Each refused request is followed at once by a good
// one in the same bytes: it must never run.
#include <string>

#include <doctest/doctest.h>

#include "server/request_reader.h"
#include "server/world.h"

namespace prombraid::server::test {
namespace {

const std::string kFollowUp = "GET /follow-up HTTP/1.1\r\nHost: h\r\n\r\n";

std::string post(const std::string& fields, const std::string& body) {
  return "POST /echo HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n" + body;
}

std::string many_fields(int fields) {
  std::string all;
  for (int i = 0; i < fields; ++i) all += "a:b\r\n";
  return all;
}

const std::string kChunked = "Transfer-Encoding: chunked\r\n";
const std::string kEmptyChunked = "0\r\n\r\n";

struct Case {
  std::string name;
  std::string bytes;
  int status;
  Refusal reason;
};

void check_refused(World& world, const Case& c) {
  CAPTURE(c.name);
  const std::uint64_t before = world.counters().refusals(c.reason);
  const std::string answer = ask(world, c.bytes + kFollowUp);
  CAPTURE(answer);
  CHECK(status_of(answer) == c.status);
  CHECK(count(answer, "HTTP/1.1 ") == 1);
  CHECK(count(answer, "Connection: close\r\n") == 1);
  CHECK(count(answer, "Content-Type: text/plain; charset=utf-8\r\n") == 1);
  CHECK(world.counters().refusals(c.reason) == before + 1);
  CHECK(world.seen().follow_ups == 0);
}

template <std::size_t N>
void check_all(const Case (&cases)[N]) {
  World world;
  for (const Case& c : cases) check_refused(world, c);
  CHECK(status_of(ask(world, "GET /follow-up HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")) ==
        200);
}

TEST_CASE("heads that are not HTTP/1.x are refused") {
  const std::string get = "GET /echo HTTP/1.1\r\nHost: h\r\n";
  const Case cases[] = {
      {"space before colon", get + "A : b\r\n\r\n", 400, Refusal::malformed},
      {"NUL in a value", get + std::string("A: b\0c\r\n\r\n", 10), 400, Refusal::malformed},
      {"bare CR in a value", get + "A: b\rc\r\n\r\n", 400, Refusal::malformed},
      {"control character in a value",
       get + "A: b\x01"
             "c\r\n\r\n",
       400, Refusal::malformed},
      {"bare LF lines", "GET /echo HTTP/1.1\nHost: h\n\n", 400, Refusal::malformed},
      {"one bare LF", get + "A: b\nB: c\r\n\r\n", 400, Refusal::malformed},
      {"empty field name", get + ": b\r\n\r\n", 400, Refusal::malformed},
      {"no colon", get + "A b\r\n\r\n", 400, Refusal::malformed},
      {"leading CRLF", "\r\n" + get + "\r\n", 400, Refusal::malformed},
      {"TLS hello", "\x16\x03\x01\x02\r\n\r\n", 400, Refusal::malformed},
      {"HTTP/1.2", "GET /echo HTTP/1.2\r\nHost: h\r\n\r\n", 505, Refusal::version},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, Refusal::version},
      {"lower-case http", "GET /echo http/1.1\r\nHost: h\r\n\r\n", 400, Refusal::version},
      {"HTTP/0.9", "GET /echo\r\n\r\n", 400, Refusal::malformed},
      {"obs-fold", get + "A: b\r\n c\r\n\r\n", 400, Refusal::malformed},
      {"obs-fold by tab", get + "A: b\r\n\tc\r\n\r\n", 400, Refusal::malformed},
      {"blank before the first field", "GET /echo HTTP/1.1\r\n Host: h\r\n\r\n", 400,
       Refusal::malformed},
      {"byte 0xFF in the target", "GET /\xff HTTP/1.1\r\nHost: h\r\n\r\n", 400, Refusal::malformed},
      {"target without slash", "GET echo HTTP/1.1\r\nHost: h\r\n\r\n", 400, Refusal::malformed},
      {"authority target", "CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n", 400, Refusal::malformed},
      {"other scheme", "GET ftp://h/echo HTTP/1.1\r\nHost: h\r\n\r\n", 400, Refusal::malformed},
      {"user in an absolute target", "GET http://u@h/ HTTP/1.1\r\nHost: h\r\n\r\n", 400,
       Refusal::malformed},
      {"unknown expectation", post("Content-Length: 3\r\nExpect: 200-ok\r\n", "abc"), 417,
       Refusal::expectation},
  };
  check_all(cases);
}

TEST_CASE("Host must be one valid host") {
  const auto get = [](const std::string& hosts) {
    return "GET /echo HTTP/1.1\r\n" + hosts + "\r\n";
  };
  const Case cases[] = {
      {"no Host", get(""), 400, Refusal::host},
      {"two Hosts", get("Host: h\r\nHost: h\r\n"), 400, Refusal::host},
      {"two different Hosts", get("Host: h\r\nhost: i\r\n"), 400, Refusal::host},
      {"empty Host", get("Host:\r\n"), 400, Refusal::host},
      {"Host list", get("Host: h, i\r\n"), 400, Refusal::host},
      {"Host with a path", get("Host: h/x\r\n"), 400, Refusal::host},
      {"Host with a user", get("Host: u@h\r\n"), 400, Refusal::host},
      {"Host with a bad port", get("Host: h:8x\r\n"), 400, Refusal::host},
      {"open bracket", get("Host: [::1\r\n"), 400, Refusal::host},
      {"two Hosts in HTTP/1.0", "GET /echo HTTP/1.0\r\nHost: h\r\nHost: i\r\n\r\n", 400,
       Refusal::host},
  };
  check_all(cases);
}

TEST_CASE("a length that two readers could see differently is refused") {
  const std::string both = "Content-Length: 5\r\n" + kChunked;
  const std::string both_turned = kChunked + "Content-Length: 5\r\n";
  const Case cases[] = {
      {"CL and TE", post(both, kEmptyChunked), 400, Refusal::framing},
      {"TE and CL", post(both_turned, kEmptyChunked), 400, Refusal::framing},
      {"differing CLs", post("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd"), 400,
       Refusal::framing},
      {"identical CLs", post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"), 400,
       Refusal::framing},
      {"CL list", post("Content-Length: 3, 3\r\n", "abc"), 400, Refusal::framing},
      {"CL empty", post("Content-Length:\r\n", ""), 400, Refusal::framing},
      {"CL +3", post("Content-Length: +3\r\n", "abc"), 400, Refusal::framing},
      {"CL -1", post("Content-Length: -1\r\n", "abc"), 400, Refusal::framing},
      {"CL 0x3", post("Content-Length: 0x3\r\n", "abc"), 400, Refusal::framing},
      {"CL 2^64+3", post("Content-Length: 18446744073709551619\r\n", "abc"), 400, Refusal::framing},
      {"CL folded", post("Content-Length: 1\r\n 0\r\n", "abc"), 400, Refusal::malformed},
      {"two TE", post(kChunked + kChunked, kEmptyChunked), 400, Refusal::framing},
      {"TE gzip, TE chunked", post("Transfer-Encoding: gzip\r\n" + kChunked, kEmptyChunked), 501,
       Refusal::coding},
      {"TE xchunked", post("Transfer-Encoding: xchunked\r\n", kEmptyChunked), 501, Refusal::coding},
      {"TE chunked, identity", post("Transfer-Encoding: chunked, identity\r\n", kEmptyChunked), 501,
       Refusal::coding},
      {"TE gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n", kEmptyChunked), 501,
       Refusal::coding},
      {"TE empty", post("Transfer-Encoding:\r\n", kEmptyChunked), 501, Refusal::coding},
      {"HTTP/1.0 chunked", "POST /echo HTTP/1.0\r\nHost: h\r\n" + kChunked + "\r\n" + kEmptyChunked,
       400, Refusal::framing},
      {"POST without a length", post("", ""), 411, Refusal::length_required},
      {"HTTP/1.0 POST without a length", "POST /echo HTTP/1.0\r\n\r\n", 411,
       Refusal::length_required},
  };
  check_all(cases);
}

TEST_CASE("chunks must be well formed") {
  const std::string long_extension(300, 'e');
  const Case cases[] = {
      {"17 hex digits", post(kChunked, "00000000000000001\r\n"), 400, Refusal::framing},
      {"chunk over the limit", post(kChunked, "FFFFFFFF\r\nabc"), 413, Refusal::body_limit},
      {"chunks over the limit", post(kChunked, "1\r\na\r\n100000\r\nabc"), 413,
       Refusal::body_limit},
      {"no CRLF after a chunk", post(kChunked, "3\r\nabcd\r\n0\r\n\r\n"), 400, Refusal::framing},
      {"no size", post(kChunked, "\r\n\r\n"), 400, Refusal::framing},
      {"not hexadecimal", post(kChunked, "xyz\r\n"), 400, Refusal::framing},
      {"quoted LF in an extension", post(kChunked, "3;a=\"\n\"\r\nabc\r\n0\r\n\r\n"), 400,
       Refusal::framing},
      {"bare LF after the size", post(kChunked, "3\nabc\r\n0\r\n\r\n"), 400, Refusal::framing},
      {"extension over 256 bytes", post(kChunked, "3;" + long_extension + "\r\nabc\r\n0\r\n\r\n"),
       400, Refusal::framing},
      {"extension of 1 MB", post(kChunked, "3;" + std::string(1 << 20, 'e') + "\r\nabc\r\n"), 400,
       Refusal::framing},
      {"last chunk's extension", post(kChunked, "0;" + long_extension + "\r\n\r\n"), 400,
       Refusal::framing},
      {"trailer of 20 MB", post(kChunked, "0\r\n" + many_fields(4'000'000)), 431,
       Refusal::head_limit},
      {"trailer field of 70 KB", post(kChunked, "0\r\nA: " + std::string(70'000, 'b')), 431,
       Refusal::head_limit},
      {"101 trailer fields", post(kChunked, "0\r\n" + many_fields(101) + "\r\n"), 431,
       Refusal::head_limit},
      {"folded trailer's length", post(kChunked, "0\r\nContent-Length: 3\r\n\r\n"), 400,
       Refusal::framing},
  };
  check_all(cases);
}

TEST_CASE("what is too much is refused by its own status") {
  const std::string get = "GET /echo HTTP/1.1\r\nHost: h\r\n";
  const Case cases[] = {
      {"100 fields and Host", get + many_fields(100) + "\r\n", 431, Refusal::head_limit},
      {"1500 fields", get + many_fields(1500) + "\r\n", 431, Refusal::head_limit},
      {"head of 33 KiB", get + "A: " + std::string(33 * 1024, 'b') + "\r\n\r\n", 431,
       Refusal::head_limit},
      {"head of 1 MB without an end", get + "A: " + std::string(1 << 20, 'b'), 431,
       Refusal::head_limit},
      {"target over 8 KiB", "GET /" + std::string(8 * 1024, 'b') + " HTTP/1.1\r\nHost: h\r\n\r\n",
       414, Refusal::target_limit},
      {"target of 1 MB", "GET /" + std::string(1 << 20, 'b'), 414, Refusal::target_limit},
      {"body over the limit", post("Content-Length: 1048577\r\n", "abc"), 413, Refusal::body_limit},
      {"body of 8 EiB", post("Content-Length: 9223372036854775807\r\n", "abc"), 413,
       Refusal::body_limit},
  };
  check_all(cases);
}

TEST_CASE("what is right at the limits is taken") {
  struct Good {
    std::string name;
    std::string bytes;
    std::string said;
  };
  const std::string end = "Connection: close\r\n\r\n";
  const std::string get = " HTTP/1.1\r\nHost: h\r\n";
  const std::string extension = ";" + std::string(255, 'e');
  const std::string close_post = "Connection: close\r\n" + kChunked;
  const Good cases[] = {
      {"absolute-form", "GET http://h:80/echo?a=b" + get + end, "GET /echo?a=b 0"},
      {"absolute-form without a path", "GET http://h" + get + end, "404 page not found"},
      {"IPv6 Host", "GET /echo HTTP/1.1\r\nHost: [::1]:9201\r\n" + end, "GET /echo? 0"},
      {"99 fields and Host", "GET /echo" + get + many_fields(98) + end, "GET /echo? 0"},
      {"bytes over 0x7F in a value", "GET /echo" + get + "A: \xc3\xa4\r\n" + end, "GET /echo? 0"},
      {"chunks", post(close_post, "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"), "POST /echo? 5 abcde"},
      {"upper-case coding",
       post("Connection: close\r\nTransfer-Encoding: Chunked\r\n", "1\r\na\r\n0\r\n\r\n"),
       "POST /echo? 1 a"},
      {"extension of 256 bytes", post(close_post, "3" + extension + "\r\nabc\r\n0\r\n\r\n"),
       "POST /echo? 3 abc"},
      {"trailers are dropped", post(close_post, "1\r\na\r\n0\r\nHost: i\r\nA: b\r\n\r\n"),
       "POST /echo? 1 a"},
      {"body at the limit",
       post("Connection: close\r\nContent-Length: 1048576\r\n", std::string(1 << 20, 'z')),
       "POST /echo? 1048576 zzz"},
      {"no body", post("Connection: close\r\nContent-Length: 0\r\n", ""), "POST /echo? 0"},
      {"HTTP/1.0 without Host", "GET /echo HTTP/1.0\r\n\r\n", "GET /echo? 0"},
      {"GET with a body", "GET /echo" + get + "Content-Length: 2\r\n" + end + "ok",
       "GET /echo? 2 ok"},
  };
  World world;
  for (const Good& c : cases) {
    CAPTURE(c.name);
    const std::string answer = ask(world, c.bytes);
    CAPTURE(answer);
    CHECK(count(answer, "HTTP/1.1 ") == 1);
    CHECK(count(answer, c.said) == 1);
  }
}

TEST_CASE("a body in pieces takes no more memory than it is announced with") {
  RequestReader reader(HttpLimits{});
  const std::size_t length = 3'000'000;
  reader.feed(post("Content-Length: " + std::to_string(length) + "\r\n", ""));
  const std::string piece(1000, 'x');
  while (reader.state() == RequestReader::State::body) {
    REQUIRE(reader.feed(piece) == piece.size());
    REQUIRE(reader.request().body.capacity() <= length);
  }
  CHECK(reader.request().body == std::string(length, 'x'));
}

}  // namespace
}  // namespace prombraid::server::test
