#include "replica/http_body.h"

#include <string>

#include <doctest/doctest.h>

namespace prombraid::replica {
namespace {

ResponseHead chunked_head() {
  ResponseHead head;
  head.status = 200;
  head.chunked = true;
  return head;
}

struct Taken {
  std::string body;
  std::string rest;
  bool done = false;
  bool failed = false;
};

/// Takes all of `bytes`, given in two parts cut at `at`.
Taken take_split(const ResponseHead& head, std::string_view bytes, std::size_t at) {
  BodyReader reader(head);
  Taken taken;
  for (std::string_view part : {bytes.substr(0, at), bytes.substr(at)}) {
    for (;;) {
      const auto piece = reader.take(part);
      if (!piece) {
        taken.failed = true;
        return taken;
      }
      if (piece->empty()) break;
      taken.body += *piece;
    }
    taken.rest += part;
  }
  taken.done = reader.done();
  return taken;
}

TEST_CASE("a chunked body, split at every byte") {
  const std::string bytes =
      "3\r\nabc\r\nA;name=\"value\"\r\n0123456789\r\n00\r\nX-Trailer: 1\r\n\r\nnext";
  for (std::size_t at = 0; at <= bytes.size(); ++at) {
    const Taken taken = take_split(chunked_head(), bytes, at);
    REQUIRE_FALSE(taken.failed);
    CHECK(taken.body == "abc0123456789");
    CHECK(taken.rest == "next");
    CHECK(taken.done);
  }
}

TEST_CASE("a body of a known length, split at every byte") {
  ResponseHead head;
  head.status = 200;
  head.length = 5;
  for (std::size_t at = 0; at <= 9; ++at) {
    const Taken taken = take_split(head, "abcdenext", at);
    CHECK(taken.body == "abcde");
    CHECK(taken.rest == "next");
    CHECK(taken.done);
  }
  CHECK_FALSE(take_split(head, "abcd", 2).done);
  head.length = 0;
  CHECK(BodyReader(head).done());
  head.length = std::nullopt;
  head.status = 204;
  CHECK(BodyReader(head).done());
}

TEST_CASE("a body without framing has no end") {
  ResponseHead head;
  head.status = 503;
  const Taken taken = take_split(head, "some text", 4);
  CHECK(taken.body == "some text");
  CHECK_FALSE(taken.done);
}

TEST_CASE("chunked bodies that are refused") {
  struct Case {
    const char* name;
    std::string bytes;
  };
  const Case cases[] = {
      {"no size", "\r\nabc\r\n"},
      {"not hexadecimal", "3g\r\nabc\r\n"},
      {"a sign", "+3\r\nabc\r\n"},
      {"0x", "0x3\r\nabc\r\n"},
      {"space before the size", " 3\r\nabc\r\n"},
      {"space after the size", "3 \r\nabc\r\n"},
      {"bare LF after the size", "3\nabc\r\n"},
      {"CR without LF", "3\rabc\r\n"},
      {"16 digits", "0000000000000003\r\nabc\r\n"},
      {"17 digits", "fffffffffffffffff\r\nabc\r\n"},
      {"no CRLF after the chunk", "3\r\nabcd\r\n"},
      {"bare LF after the chunk", "3\r\nabc\n0\r\n\r\n"},
      {"LF in an extension", "3;a=\"\n\"\r\nabc\r\n"},
      {"extension too long", "3;" + std::string(300, 'x') + "\r\nabc\r\n"},
      {"trailers too long", "0\r\n" + std::string(9000, 'x') + "\r\n\r\n"},
      {"many trailers",
       [] {
         std::string bytes = "0\r\n";
         for (int i = 0; i < 3000; ++i) bytes += "a:b\r\n";
         return bytes + "\r\n";
       }()},
      {"bare LF in the trailers", "0\r\na: b\n\r\n"},
      {"bare CR in the trailers", "0\r\na: b\rc\r\n\r\n"},
      {"NUL in the trailers", std::string("0\r\na\0\r\n\r\n", 9)},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    for (std::size_t at = 0; at <= c.bytes.size(); at += 1 + at / 64) {
      CHECK(take_split(chunked_head(), c.bytes, at).failed);
    }
  }
}

}  // namespace
}  // namespace prombraid::replica
