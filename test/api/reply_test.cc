#include "api/reply.h"

#include <doctest/doctest.h>

using namespace prombraid;
using api::ReplyReader;

namespace {

Result<api::Reply> read(std::string_view text, std::size_t limit = 1000) {
  ReplyReader reader(limit);
  while (!text.empty()) {
    const auto piece = text.substr(0, 7);
    if (auto fed = reader.feed(piece); fed.has_error()) return std::move(fed).error();
    text.remove_prefix(piece.size());
  }
  return reader.take();
}

}  // namespace

TEST_CASE("data and warnings are taken out of an answer that comes in pieces") {
  const auto reply = read(R"({"status":"success","data":["a"],"warnings":["w\n"],"infos":["i"]})");
  REQUIRE(reply.has_value());
  CHECK(reply->data.as_array().size() == 1);
  CHECK(reply->warnings == std::vector<std::string>{"w"});
}

TEST_CASE("what is no success is refused") {
  struct Case {
    const char* title;
    const char* text;
    ErrorKind kind;
  };
  for (const Case& c :
       {Case{"an error", R"({"status":"error"})", ErrorKind::unsupported},
        Case{"an array", "[]", ErrorKind::unsupported},
        Case{"a page", "<html>", ErrorKind::corrupt}, Case{"nothing", "", ErrorKind::corrupt},
        Case{"a part", R"({"status":)", ErrorKind::corrupt},
        Case{"two answers", R"({"status":"success"}{})", ErrorKind::corrupt},
        Case{"too deep", "[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]", ErrorKind::corrupt}}) {
    CAPTURE(c.title);
    const auto reply = read(c.text);
    REQUIRE(reply.has_error());
    CHECK(reply.error().kind == c.kind);
  }
}

TEST_CASE("an answer has a limit") {
  CHECK(read(R"({"status":"success","data":[]})", 29).error().kind == ErrorKind::limit);
  CHECK(read(R"({"status":"success","data":[]})", 30).has_value());
}

TEST_CASE("a refusal is quoted from its JSON, or as it is") {
  CHECK(api::said_in(R"({"status":"error","error":"bad\tmatcher"})") == "bad matcher");
  CHECK(api::said_in("404 page not found\n") == "404 page not found");
}
