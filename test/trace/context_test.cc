#include "trace/context.h"

#include <doctest/doctest.h>

namespace prombraid::trace {
namespace {

constexpr const char* usual = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST_CASE("a traceparent is read and written as it was") {
  const auto context = parse_traceparent(usual);
  REQUIRE(context);
  CHECK(hex(context->trace) == "0af7651916cd43dd8448eb211c80319c");
  CHECK(hex(context->span) == "b7ad6b7169203331");
  CHECK(context->sampled);
  CHECK(format_traceparent(*context) == usual);
}

TEST_CASE("flags and versions") {
  struct Case {
    const char* name;
    const char* text;
    bool taken;
    bool sampled;
  };
  for (const Case& c : {
           Case{"not sampled", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", true,
                false},
           {"more flags", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff", true, true},
           {"the random flag alone", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-02",
            true, false},
           {"a later version", "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true,
            true},
           {"a later version with more",
            "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-more", true, true},
           {"a later version, more without a dash",
            "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.what", false, false},
           {"this version with more", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
            false, false},
           {"version ff", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false, false},
           {"empty", "", false, false},
           {"cut short", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0", false, false},
           {"upper case", "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", false, false},
           {"no hex", "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01", false, false},
           {"no hex in the flags", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x", false,
            false},
           {"no trace", "00-00000000000000000000000000000000-b7ad6b7169203331-01", false, false},
           {"no span", "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", false, false},
           {"other separators", "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01", false,
            false},
           {"a blank in front", " 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false,
            false},
       }) {
    CAPTURE(c.name);
    const auto context = parse_traceparent(c.text);
    CHECK(context.has_value() == c.taken);
    if (context) CHECK(context->sampled == c.sampled);
  }
}

}  // namespace
}  // namespace prombraid::trace
