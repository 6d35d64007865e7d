#include "base/utf8.h"

#include <doctest/doctest.h>

namespace prombraid {
namespace {

TEST_CASE("valid text stays, a bad byte becomes the replacement character") {
  struct Case {
    const char* name;
    std::string in;
    std::string out;
  };
  const Case cases[] = {
      {"ASCII", "up", "up"},
      {"two, three and four bytes", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
       "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
      {"lone continuation", "a\x80z", "a\xef\xbf\xbdz"},
      {"cut at the end", "a\xe2\x82", "a\xef\xbf\xbd\xef\xbf\xbd"},
      {"overlong slash", "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},
      {"surrogate", "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
      {"above U+10FFFF", "\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
      {"the last code point", "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(valid_utf8(c.in) == c.out);
  }
}

}  // namespace
}  // namespace prombraid
