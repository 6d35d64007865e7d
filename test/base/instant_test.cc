#include "base/instant.h"

#include <limits>

#include <doctest/doctest.h>

namespace prombraid {
namespace {

TEST_CASE("times as people write them") {
  struct Case {
    const char* text;
    std::int64_t ms;
  };
  const Case cases[] = {
      {"1970-01-01T00:00:00Z", 0},
      {"2026-03-02T01:05:00Z", 1772413500'000},
      {"2026-03-02t01:05:00.25z", 1772413500'250},
      {"2026-03-02T02:35:00.1239+01:30", 1772413500'123},
      {"2026-03-01T17:05:00-08:00", 1772413500'000},
      {"2024-02-29T00:00:00Z", 1709164800'000},
      {"0000-01-01T00:00:00Z", -62167219200'000},
      {"1772413500", 1772413500'000},
      {"1772413500.25", 1772413500'250},
      {"-1.5", -1500},
      {"0", 0},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const auto got = parse_instant(c.text);
    REQUIRE(got.has_value());
    CHECK(*got == c.ms);
  }
}

TEST_CASE("what is no time is refused") {
  const char* const cases[] = {"",
                               "-",
                               ".5",
                               "1.",
                               "1e9",
                               "now",
                               "2026-03-02",
                               "2026-02-29T00:00:00Z",
                               "2026-13-02T00:00:00Z",
                               "2026-03-02T24:00:00Z",
                               "2026-03-02T01:05:00",
                               "2026-03-02 01:05:00Z",
                               "2026-03-02T01:05:00Zx",
                               "2026-03-02T01:05:00+1:00",
                               "99999999999999999999",
                               "9223372036854775.9",
                               "1772413500 "};
  for (const char* text : cases) {
    CAPTURE(text);
    const auto got = parse_instant(text);
    CHECK(got.has_error());
    CHECK(got.error().kind == ErrorKind::bad_request);
  }
}

TEST_CASE("times in UTC, and those that have no name") {
  CHECK(instant_text(1772413500'250) == "2026-03-02T01:05:00.250Z");
  CHECK(instant_text(-1) == "1969-12-31T23:59:59.999Z");
  CHECK(instant_text(253402300799'999) == "9999-12-31T23:59:59.999Z");
  CHECK(instant_text(253402300800'000) == "253402300800000 ms");
  CHECK(instant_text(std::numeric_limits<std::int64_t>::max()) == "9223372036854775807 ms");
  CHECK(instant_text(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808 ms");
}

TEST_CASE("lengths of time") {
  CHECK(span_text(0) == "0s");
  CHECK(span_text(15'000) == "15s");
  CHECK(span_text(60'250) == "1m0.25s");
  CHECK(span_text(7'200'001) == "2h0.001s");
  CHECK(span_text(std::numeric_limits<std::uint64_t>::max()).starts_with("213503982334d"));
}

}  // namespace
}  // namespace prombraid
