#include "api/form.h"

#include <doctest/doctest.h>

using namespace prombraid;
using api::Form;

TEST_CASE("names and values of the address and the body are decoded") {
  const auto form = Form::parse("limit=5&match[]=up%7Ba%3D%22b%22%7D", "match%5B%5D=a+b&limit=7");
  REQUIRE(form.has_value());
  CHECK(form->get("limit") == "7");
  CHECK(form->all("match[]") == std::vector<std::string_view>{"a b", "up{a=\"b\"}"});
  CHECK(form->get("start") == std::nullopt);
}

TEST_CASE("what people type and scripts leave is taken") {
  struct Case {
    const char* title;
    const char* query;
    std::vector<std::string_view> values;
  };
  for (const Case& c :
       {Case{"raw braces and quotes", "m={a=\"b\"}", {"{a=\"b\"}"}}, Case{"a name alone", "m", {}},
        Case{"an empty value", "m=", {}}, Case{"ampersands in a row", "&&m=1&", {"1"}},
        Case{"an equals sign in the value", "m=a=b", {"a=b"}}}) {
    CAPTURE(c.title);
    const auto form = Form::parse(c.query);
    REQUIRE(form.has_value());
    CHECK(form->all("m") == c.values);
  }
}

TEST_CASE("a broken percent sign is refused") {
  for (const char* query : {"a=%", "a=%4", "a=%4g", "%zz=1"}) {
    CAPTURE(query);
    CHECK(Form::parse(query).error().kind == ErrorKind::bad_request);
  }
}

TEST_CASE("encoding is undone by decoding") {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  const std::string encoded = api::percent_encoded(all);
  CHECK(encoded.find(' ') == std::string::npos);
  CHECK(*api::percent_decoded(encoded, true) == all);
  CHECK(*api::percent_decoded("a+b", false) == "a+b");
}
