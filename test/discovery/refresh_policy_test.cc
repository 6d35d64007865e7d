#include "discovery/refresh_policy.h"

#include <vector>

#include <doctest/doctest.h>

namespace prombraid::discovery {
namespace {

using namespace std::chrono_literals;
using Kind = Answer::Kind;

constexpr double no_jitter = 0.5;
const TimePoint start{};

Answer good(std::uint32_t ttl, std::size_t count = 2) {
  Answer answer;
  answer.kind = Kind::records;
  answer.ttl = ttl;
  answer.records.resize(count);
  return answer;
}
Answer empty(Kind kind) {
  Answer answer;
  answer.kind = kind;
  return answer;
}
const Answer nxdomain = empty(Kind::no_such_name);
const Answer nodata = empty(Kind::no_records);
const Answer timeout = Answer::failure("timeout", "no reply");

struct Step {
  const char* name;
  Millis at;
  Answer answer;
  Verdict verdict;
  Millis next;  ///< from `at`
};

void run(const std::vector<Step>& steps) {
  RefreshPolicy policy({}, start);
  for (const Step& step : steps) {
    CAPTURE(step.name);
    policy.asked(start + step.at);
    CHECK_FALSE(policy.due());
    CHECK(policy.answered(step.answer, start + step.at, no_jitter) == step.verdict);
    REQUIRE(policy.due());
    CHECK(std::chrono::duration_cast<Millis>(*policy.due() - (start + step.at)) == step.next);
  }
}

TEST_CASE("a good answer is taken and asked again after its TTL") {
  RefreshPolicy policy({}, start);
  CHECK(policy.due() == start);
  policy.asked(start);
  CHECK(policy.answered(good(12), start + 3ms, no_jitter) == Verdict::replace);
  CHECK(policy.due() == start + 3ms + 12s);
  CHECK(policy.size() == 2);
  CHECK(policy.last_success() == start + 3ms);
}

TEST_CASE("the TTL counts between the minimum and the interval") {
  run({{"0", 0s, good(0), Verdict::replace, 5s},
       {"4", 10s, good(4), Verdict::replace, 5s},
       {"29", 20s, good(29), Verdict::replace, 29s},
       {"31", 60s, good(31), Verdict::replace, 30s},
       {"2^31-1", 90s, good(0x7fffffff), Verdict::replace, 30s}});
}

TEST_CASE("failures keep the records and are retried with back-off") {
  run({{"good", 0s, good(5), Verdict::replace, 5s},
       {"first", 5s, timeout, Verdict::keep, 1s},
       {"second", 6s, timeout, Verdict::keep, 2s},
       {"third", 8s, timeout, Verdict::keep, 4s},
       {"fourth", 12s, timeout, Verdict::keep, 8s},
       {"fifth", 20s, timeout, Verdict::keep, 16s},
       {"sixth", 36s, timeout, Verdict::keep, 30s},
       {"for hours", 10000s, timeout, Verdict::keep, 30s},
       {"good again", 10030s, good(5), Verdict::replace, 5s},
       {"back-off begins anew", 10035s, timeout, Verdict::keep, 1s}});
}

TEST_CASE("nothing there is believed after 30 s of nothing else") {
  for (const Answer& nothing : {nxdomain, nodata}) {
    run({{"good", 0s, good(5), Verdict::replace, 5s},
         {"held", 5s, nothing, Verdict::keep, 5s},
         {"held to the last", 34999ms, nothing, Verdict::keep, 5s},
         {"believed", 35s, nothing, Verdict::clear, 5s},
         {"then asked less and less", 40s, nothing, Verdict::clear, 10s},
         {"back", 50s, good(5), Verdict::replace, 5s}});
  }
}

TEST_CASE("a failure or a good answer in between begins the 30 s anew") {
  for (const Answer& between : {timeout, good(5)}) {
    const bool failed = between.kind == Kind::failed;
    run({{"good", 0s, good(5), Verdict::replace, 5s},
         {"held", 5s, nxdomain, Verdict::keep, 5s},
         {"between", 30s, between, failed ? Verdict::keep : Verdict::replace, failed ? 1s : 5s},
         {"held again", 36s, nodata, Verdict::keep, 5s},
         {"still", 65s, nxdomain, Verdict::keep, 5s},
         {"believed", 66s, nodata, Verdict::clear, 5s}});
  }
}

TEST_CASE("where there never was anything, nothing there is simply true") {
  run({{"first", 0s, nodata, Verdict::clear, 5s},
       {"second", 5s, nodata, Verdict::clear, 10s},
       {"third", 15s, nodata, Verdict::clear, 20s},
       {"fourth", 35s, nodata, Verdict::clear, 30s}});
}

TEST_CASE("it starts without DNS") {
  run({{"first", 0s, timeout, Verdict::keep, 1s},
       {"second", 1s, timeout, Verdict::keep, 2s},
       {"there", 3s, good(300), Verdict::replace, 30s}});
}

TEST_CASE("jitter is a tenth either way") {
  for (auto [jitter, want] : {std::pair{0.0, 18000ms}, std::pair{0.5, 20000ms}}) {
    RefreshPolicy policy({}, start);
    policy.answered(good(20), start, jitter);
    CHECK(policy.due() == start + want);
  }
  RefreshPolicy policy({}, start);
  policy.answered(good(20), start, 0.999999);
  CHECK(*policy.due() > start + 21990ms);
  CHECK(*policy.due() <= start + 22s);
}

TEST_CASE("a nudge asks early, but not within a second of the last time") {
  RefreshPolicy policy({}, start);
  policy.asked(start);
  policy.nudge(start);
  CHECK_FALSE(policy.due());
  policy.answered(good(20), start, no_jitter);
  policy.nudge(start + 300ms);
  CHECK(policy.due() == start + 1s);
  policy.nudge(start + 400ms);
  CHECK(policy.due() == start + 1s);
  policy.asked(start + 1s);
  policy.answered(good(20), start + 1s, no_jitter);
  policy.nudge(start + 7s);
  CHECK(policy.due() == start + 7s);
}

TEST_CASE("an interval below the minimum wins over it") {
  RefreshOptions options;
  options.interval = 1s;
  RefreshPolicy policy(options, start);
  policy.answered(good(60), start, no_jitter);
  CHECK(policy.due() == start + 1s);
}

TEST_CASE("what the status page shows") {
  RefreshPolicy policy({}, start);
  CHECK(policy.last_text() == "not asked yet");
  policy.asked(start);
  policy.answered(good(5), start, no_jitter);
  CHECK_FALSE(policy.stale());
  policy.asked(start + 5s);
  policy.answered(timeout, start + 5s, no_jitter);
  CHECK(policy.stale());
  CHECK(policy.lookups() == 2);
  CHECK(policy.failures().at("timeout") == 1);
  CHECK(policy.last_success() == start);
  CHECK(policy.last_text() == "no reply");
}

}  // namespace
}  // namespace prombraid::discovery
