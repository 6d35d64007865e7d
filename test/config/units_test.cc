#include "config/units.h"

#include <doctest/doctest.h>

namespace prombraid::config {
namespace {

TEST_CASE("durations in milliseconds") {
  struct Case {
    const char* text;
    std::int64_t ms;
  };
  for (const Case c : {Case{"0", 0},
                       {"0s", 0},
                       {"250ms", 250},
                       {"30s", 30'000},
                       {"1m", 60'000},
                       {"1h30m", 5'400'000},
                       {"1d", 86'400'000},
                       {"2w", 1'209'600'000},
                       {"1y", 31'536'000'000},
                       {"1m1ms", 60'001}}) {
    CAPTURE(c.text);
    REQUIRE(parse_duration(c.text).has_value());
    CHECK(parse_duration(c.text)->count() == c.ms);
  }
}

TEST_CASE("what is no duration") {
  for (const char* text : {"", "30", "s", "-1s", "1.5s", "1s1m", "1s1s", "1 s", "1S", "1s ",
                           "9223372036854775807ms", "99999999999999999999s", "300y"}) {
    CAPTURE(text);
    CHECK(parse_duration(text).has_error());
  }
}

TEST_CASE("sizes are powers of 1024") {
  struct Case {
    const char* text;
    std::uint64_t bytes;
  };
  for (const Case c : {Case{"0", 0},
                       {"1048576", 1 << 20},
                       {"64MiB", 64 << 20},
                       {"64MB", 64 << 20},
                       {"512KB", 512 << 10},
                       {"7B", 7},
                       {"3GiB", 3LL << 30},
                       {"1TiB", 1LL << 40}}) {
    CAPTURE(c.text);
    REQUIRE(parse_size(c.text).has_value());
    CHECK(parse_size(c.text).value() == c.bytes);
  }
  for (const char* text :
       {"", "MB", "-1", "1.5MB", "1mb", "1 MB", "8EiB", "99999999999999999999"}) {
    CAPTURE(text);
    CHECK(parse_size(text).has_error());
  }
}

TEST_CASE("counts may have an exponent but no fraction") {
  CHECK(parse_count("5e7").value() == 50'000'000);
  CHECK(parse_count("50000000").value() == 50'000'000);
  CHECK(parse_count("1.5e1").value() == 15);
  CHECK(parse_count("0").value() == 0);
  for (const char* text :
       {"", "-0", "-1", "1.5", "5e-1", "1e16", "nan", "inf", "0x10", "1 ", "1,0"}) {
    CAPTURE(text);
    CHECK(parse_count(text).has_error());
  }
}

TEST_CASE("what is written is read back as the same") {
  using std::chrono::milliseconds;
  for (const std::int64_t ms : {0LL, 1LL, 250LL, 30'000LL, 90'000LL, 5'400'001LL, 86'400'000LL,
                                1'209'600'000LL, 31'536'000'000LL, 31'536'000'001LL}) {
    CAPTURE(ms);
    CHECK(parse_duration(format_duration(milliseconds(ms)))->count() == ms);
  }
  CHECK(format_duration(milliseconds(90'000)) == "1m30s");
  for (const std::uint64_t bytes : {0ULL, 1ULL, 1023ULL, 1024ULL, 1ULL << 20, 3ULL << 30}) {
    CAPTURE(bytes);
    CHECK(parse_size(format_size(bytes)).value() == bytes);
  }
  CHECK(format_size(64 << 20) == "64MiB");
}

}  // namespace
}  // namespace prombraid::config
