#include "access/token.h"

#include <doctest/doctest.h>

#include "access/field_text.h"
#include "access/token_url.h"

namespace prombraid::access {

using std::chrono::seconds;

TEST_CASE("a token endpoint's answer") {
  const auto token =
      parse_token(R"({"access_token":"abc","token_type":"bearer","expires_in":3600})");
  REQUIRE(token.has_value());
  CHECK(token->header == "Bearer abc");
  CHECK(token->lives == seconds(3600));
}

TEST_CASE("forms of a token endpoint's answer") {
  struct Case {
    const char* title;
    const char* json;
    const char* header;
    std::optional<seconds> lives;
  };
  for (const Case& c : {
           Case{"no type, no end", R"({"access_token":"t"})", "Bearer t", std::nullopt},
           {"a type of its own", R"({"access_token":"t","token_type":"MAC"})", "MAC t",
            std::nullopt},
           {"a number as text", R"({"access_token":"t","expires_in":"60"})", "Bearer t",
            seconds(60)},
           {"no life", R"({"access_token":"t","expires_in":0})", "Bearer t", std::nullopt},
           {"an absurd life", R"({"access_token":"t","expires_in":1e300})", "Bearer t",
            seconds(366 * 86400)},
       }) {
    CAPTURE(c.title);
    const auto token = parse_token(c.json);
    REQUIRE(token.has_value());
    CHECK(token->header == c.header);
    CHECK(token->lives == c.lives);
  }
}

TEST_CASE("what is no token") {
  for (const char* json :
       {"", "null", "[]", "{}", R"({"access_token":""})", R"({"access_token":7})",
        "{\"access_token\":\"planted\\r\\nX: y\"}", "access_token=planted"}) {
    CAPTURE(json);
    const auto token = parse_token(json);
    REQUIRE(token.has_error());
    CHECK(token.error().what.find("planted") == std::string::npos);
  }
}

TEST_CASE("what an error answer says") {
  CHECK(parse_token_error(R"({"error":"invalid_client","error_description":"who?"})") ==
        "invalid_client: who?");
  CHECK(parse_token_error(R"({"error":"invalid_scope"})") == "invalid_scope");
  CHECK(parse_token_error("<html>") == "");
}

TEST_CASE("the next token is fetched before this one ends") {
  CHECK(renew_after({"", seconds(3600)}) == seconds(2880));
  CHECK(renew_after({"", seconds(40)}) == seconds(30));
  CHECK(renew_after({"", seconds(8)}) == seconds(4));
  CHECK(renew_after({"", seconds(1)}) == seconds(1));
  CHECK(renew_after({"", std::nullopt}) == seconds(3600));
}

TEST_CASE("where a token is fetched") {
  const auto url = parse_token_url("https://idp.example.org/oauth/token?x=1");
  REQUIRE(url.has_value());
  CHECK(url->https);
  CHECK(url->host == "idp.example.org");
  CHECK(url->port == 443);
  CHECK(url->path == "/oauth/token?x=1");
  CHECK(parse_token_url("http://[::1]:81")->host == "::1");
  CHECK(parse_token_url("http://[::1]:81")->port == 81);
  CHECK(parse_token_url("http://idp")->path == "/");
  for (const char* text :
       {"", "idp/token", "ftp://idp/", "https://", "https://:1/", "https://a:0/", "https://a:x/",
        "https://[::1", "https://u:<planted>@idp/", "https://a/#b", "https://a/ b"}) {
    CAPTURE(text);
    const auto wrong = parse_token_url(text);
    REQUIRE(wrong.has_error());
    CHECK(wrong.error().what.find("planted") == std::string::npos);
  }
}

TEST_CASE("text for headers and forms") {
  CHECK(form_escaped("a b+c/ü~") == "a+b%2Bc%2F%C3%BC~");
  CHECK(base64("") == "");
  CHECK(base64("a") == "YQ==");
  CHECK(canonical_field_name("x-SCOPE-orgid") == "X-Scope-Orgid");
  CHECK(is_field_name("X-A"));
  CHECK(!is_field_name("X A"));
  CHECK(!is_field_name(""));
  CHECK(fits_field("a\tb"));
  CHECK(!fits_field("a\nb"));
}

}  // namespace prombraid::access
