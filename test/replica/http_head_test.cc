#include "replica/http_head.h"

#include <string>

#include <doctest/doctest.h>

namespace prombraid::replica {
namespace {

/// Feeds `bytes` in two parts cut at `at`; gives how many were taken.
Result<std::size_t> feed_split(HeadReader& reader, std::string_view bytes, std::size_t at) {
  auto first = reader.feed(bytes.substr(0, at));
  if (!first || reader.done()) return first;
  auto second = reader.feed(bytes.substr(at));
  if (!second) return second;
  return *first + *second;
}

TEST_CASE("an answer's head is read, the body left alone") {
  HeadReader reader;
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Type: a/b\r\n\r\n";
  const auto taken = reader.feed(head + "abc");
  REQUIRE(taken.has_value());
  CHECK(*taken == head.size());
  CHECK(reader.done());
  CHECK(reader.head().status == 200);
  CHECK(reader.head().length == 3);
  CHECK(reader.head().content_type == "a/b");
  CHECK(reader.head().keep_alive);
  CHECK_FALSE(reader.head().chunked);
}

TEST_CASE("fields that only a forwarder wants are kept as they came") {
  HeadReader reader;
  REQUIRE(reader
              .feed("HTTP/1.1 200 OK\r\nVary:  a \r\nConnection: close\r\nconnection: X-One\r\n"
                    "X-One: 1\r\nContent-Length: 0\r\n\r\n")
              .has_value());
  CHECK(reader.head().others == "Vary: a\r\nX-One: 1\r\n");
  CHECK(reader.head().connection == "close,X-One");
  CHECK_FALSE(reader.head().keep_alive);
}

TEST_CASE("a head split at every byte is the same head") {
  const std::string head =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 Service Unavailable\r\n"
      "transfer-encoding:  Chunked \r\nCONNECTION: foo , Close\r\nContent-Encoding: snappy\r\n"
      "X-Other: \tv\xc3\xa4lue\r\n\r\n";
  for (std::size_t at = 0; at <= head.size(); ++at) {
    HeadReader reader;
    const auto taken = feed_split(reader, head, at);
    REQUIRE(taken.has_value());
    CHECK(*taken == head.size());
    REQUIRE(reader.done());
    CHECK(reader.head().status == 503);
    CHECK(reader.head().chunked);
    CHECK_FALSE(reader.head().keep_alive);
    CHECK(reader.head().content_encoding == "snappy");
  }
}

TEST_CASE("heads that are refused, however they are split") {
  struct Case {
    const char* name;
    std::string head;
    const char* said;
  };
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  const Case cases[] = {
      {"HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\n", "not HTTP/1.1"},
      {"HTTP/1.2", "HTTP/1.2 200 OK\r\n\r\n", "not HTTP/1.1"},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\n", "not HTTP/1.1"},
      {"lower case", "http/1.1 200 OK\r\n\r\n", "not HTTP/1.1"},
      {"leading CRLF", "\r\nHTTP/1.1 200 OK\r\n\r\n", "not HTTP/1.1"},
      {"two digits", "HTTP/1.1 20\r\n\r\n", "bad status"},
      {"four digits", "HTTP/1.1 2000 OK\r\n\r\n", "bad status"},
      {"status 600", "HTTP/1.1 600 OK\r\n\r\n", "bad status"},
      {"status 099", "HTTP/1.1 099 OK\r\n\r\n", "bad status"},
      {"a sign", "HTTP/1.1 +20 OK\r\n\r\n", "bad status"},
      {"bare LF", "HTTP/1.1 200 OK\n\n", "LF without CR"},
      {"bare CR", "HTTP/1.1 200\rOK\r\n\r\n", "CR without LF"},
      {"NUL in a value", ok + std::string("A: b\0c\r\n\r\n", 10), "control character"},
      {"folded line", ok + "A: b\r\n c\r\n\r\n", "folded line"},
      {"folded length", ok + "Content-Length:\r\n 3\r\n\r\n", "bad Content-Length"},
      {"space before the colon", ok + "Content-Length : 3\r\n\r\n", "bad field name"},
      {"empty field name", ok + ": 3\r\n\r\n", "bad field name"},
      {"no colon", ok + "Content-Length\r\n\r\n", "without a colon"},
      {"empty length", ok + "Content-Length: \r\n\r\n", "bad Content-Length"},
      {"signed length", ok + "Content-Length: +3\r\n\r\n", "bad Content-Length"},
      {"negative length", ok + "Content-Length: -1\r\n\r\n", "bad Content-Length"},
      {"hexadecimal length", ok + "Content-Length: 0x3\r\n\r\n", "bad Content-Length"},
      {"length 2^64+3", ok + "Content-Length: 18446744073709551619\r\n\r\n", "bad Content-Length"},
      {"a list of lengths", ok + "Content-Length: 3, 3\r\n\r\n", "bad Content-Length"},
      {"length twice", ok + "Content-Length: 3\r\nContent-Length: 3\r\n\r\n", "twice"},
      {"length and chunked", ok + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
       "both"},
      {"chunked and length", ok + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
       "both"},
      {"chunked twice", ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
       "twice"},
      {"xchunked", ok + "Transfer-Encoding: xchunked\r\n\r\n", "unknown Transfer-Encoding"},
      {"gzip, chunked", ok + "Transfer-Encoding: gzip, chunked\r\n\r\n",
       "unknown Transfer-Encoding"},
      {"chunked, identity", ok + "Transfer-Encoding: chunked, identity\r\n\r\n",
       "unknown Transfer-Encoding"},
      {"two types", ok + "Content-Type: a\r\nContent-Type: b\r\n\r\n", "Content-Type twice"},
      {"101", "HTTP/1.1 101 Switching\r\n\r\n", "switch of protocols"},
      {"interim with a body", "HTTP/1.1 103 Hints\r\nContent-Length: 3\r\n\r\n", "interim"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    for (std::size_t at = 0; at <= c.head.size(); ++at) {
      HeadReader reader;
      const auto taken = feed_split(reader, c.head, at);
      REQUIRE_FALSE(taken.has_value());
      CHECK(taken.error().kind == ErrorKind::corrupt);
      CHECK(taken.error().what.find(c.said) != std::string::npos);
    }
  }
}

TEST_CASE("a head may have many fields and bytes, but no more") {
  const auto with_fields = [](std::size_t count) {
    std::string head = "HTTP/1.1 200 OK\r\n";
    for (std::size_t i = 0; i < count; ++i) head += "A: b\r\n";
    return head + "\r\n";
  };
  HeadReader most;
  CHECK(most.feed(with_fields(100)).has_value());
  CHECK(most.done());
  HeadReader more;
  const auto fields = more.feed(with_fields(101));
  REQUIRE_FALSE(fields.has_value());
  CHECK(fields.error().kind == ErrorKind::limit);

  HeadReader bomb;
  const auto bytes = bomb.feed("HTTP/1.1 200 OK\r\nA: " + std::string(40000, 'x'));
  REQUIRE_FALSE(bytes.has_value());
  CHECK(bytes.error().kind == ErrorKind::limit);

  HeadReader interim;
  std::string endless;
  for (int i = 0; i < 2000; ++i) endless += "HTTP/1.1 100 Continue\r\n\r\n";
  const auto interims = interim.feed(endless);
  REQUIRE_FALSE(interims.has_value());
  CHECK(interims.error().kind == ErrorKind::limit);
}

TEST_CASE("only a body whose end can be seen is framed") {
  const auto framed = [](const std::string& head) {
    HeadReader reader;
    REQUIRE(reader.feed(head).has_value());
    REQUIRE(reader.done());
    return reader.head().framed();
  };
  CHECK(framed("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
  CHECK(framed("HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n"));
  CHECK(framed("HTTP/1.1 204 No Content\r\n\r\n"));
  CHECK_FALSE(framed("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"));
}

}  // namespace
}  // namespace prombraid::replica
