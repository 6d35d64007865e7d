#include "merge/braid.h"

#include <algorithm>
#include <map>
#include <random>
#include <string>

#include <doctest/doctest.h>

#include "merge/rule.h"
#include "oracle.h"
#include "worlds.h"

namespace prombraid::merge {
namespace {

using oracle::Answer;
using worlds::Lanes;

constexpr Span s = 16;  // the interval of all worlds here
constexpr Span epoch = 4 * s;

/// Of worlds that are long over, if nothing else is said.
Answer braided(const Lanes& world, Span interval = s, Span length = epoch,
               Timestamp known_until = last_time) {
  static std::vector<Lane> lanes;
  static Braider braider;
  if (lanes.size() < world.size()) lanes.resize(world.size());
  for (std::size_t k = 0; k < world.size(); ++k) {
    lanes[k].open(world[k]);
    lanes[k].set_coarse(world[k].coarse);
  }
  braider.braid(std::span(lanes.data(), world.size()), interval, length, known_until);
  Answer answer;
  for (const Run& run : braider.runs()) {
    for (std::uint32_t i = run.from; i < run.from + run.count; ++i) {
      answer.push_back({run.lane, lanes[run.lane].moment(i)});
    }
  }
  return answer;
}

std::string text(const Lanes& world, const Answer& answer) {
  std::string out;
  for (const auto& lane : world) {
    out += "|";
    for (const Moment& m : lane) out += " " + std::to_string(m.t) + (m.stale ? "s" : "");
  }
  out += " =>";
  for (const auto& taken : answer) {
    out += " " + std::to_string(taken.lane) + ":" + std::to_string(taken.moment.t) +
           (taken.moment.stale ? "s" : "");
  }
  return out;
}

/// True where somebody says anything in (after, until].
bool spoken(const Lanes& world, Timestamp after, Timestamp until) {
  return std::any_of(world.begin(), world.end(), [&](const auto& lane) {
    return std::any_of(lane.begin(), lane.end(),
                       [&](const Moment& m) { return m.t > after && m.t <= until; });
  });
}

/// Property 1: live wherever a replica is, but for what lies within S/4 behind a sample taken; S/2
/// where a hole is so long that a reader for a range would not see its end.
void check_gap_free(const Lanes& world, const Answer& answer, Span length) {
  oracle::Moments taken;
  for (const auto& t : answer) taken.push_back(t.moment);
  Timestamp end = first_time;
  for (const auto& lane : world) end = lane.empty() ? end : std::max(end, lane.back().t);
  Timestamp dead_since = first_time;
  for (Timestamp t = 0; t <= end; ++t) {
    const bool live = std::any_of(world.begin(), world.end(),
                                  [&](const auto& lane) { return oracle::live(lane, t, s); });
    if (!live || oracle::live(taken, t, s)) {
      dead_since = t;
      continue;
    }
    const Timestamp taken_at = dead_since + 1 - static_cast<Timestamp>(s + s / 2);
    const Timestamp horizon = plus(taken_at, std::max(length, 5 * s));
    const bool ends = spoken(world, dead_since + 1, horizon);
    REQUIRE_MESSAGE(t - dead_since <= static_cast<Timestamp>(ends ? s / 4 : s / 2),
                    text(world, answer) << " at " << t);
  }
}

/// Properties 2 and 8: neighbours of two lanes at least S/2 apart, S/4 where they make a hole
/// smaller; a stale marker only where nobody is live.
void check_spacing(const Lanes& world, const Answer& answer) {
  for (std::size_t i = 0; i < answer.size(); ++i) {
    const Moment& m = answer[i].moment;
    if (m.stale) {
      for (const auto& lane : world) {
        REQUIRE_MESSAGE(!oracle::live(lane, m.t, s), text(world, answer) << " at " << m.t);
      }
    }
    if (i == 0) continue;
    const auto& before = answer[i - 1];
    REQUIRE_MESSAGE(before.moment.t < m.t, text(world, answer));
    if (before.lane == answer[i].lane || before.moment.stale || m.stale) continue;
    const Span gap = distance(before.moment.t, m.t);
    REQUIRE_MESSAGE(gap > s / 4, text(world, answer));
    if (gap > s / 2) continue;
    const bool hole = i + 1 == answer.size() || answer[i + 1].moment.stale ||
                      distance(before.moment.t, answer[i + 1].moment.t) > s + s / 2;
    REQUIRE_MESSAGE(hole, text(world, answer));
  }
}

/// Property 5: what a later window shows is what the whole shows.
void check_window(const Lanes& world, const Answer& whole, Timestamp start) {
  const TimeRange read = widened({start, start + 1000000}, epoch);
  const Lanes cut = worlds::cut(world, read.start + 1, last_time);
  Answer expected;
  Answer seen;
  const auto from = static_cast<Timestamp>(start + static_cast<Timestamp>(2 * s));
  const auto key = [](const oracle::Taken& t) { return std::pair(t.lane, t.moment.t); };
  std::vector<std::pair<std::size_t, Timestamp>> a, b;
  for (const auto& t : whole) {
    if (t.moment.t >= from) a.push_back(key(t));
  }
  const Answer part = braided(cut);
  for (const auto& t : part) {
    if (t.moment.t >= from) b.push_back(key(t));
  }
  REQUIRE_MESSAGE(a == b, text(world, whole) << " from " << start << text(cut, part));
}

/// And an earlier one, of which `margin` is read and known behind its end.
void check_window_end(const Lanes& world, const Answer& whole, Timestamp end) {
  const Timestamp margin = std::max<Timestamp>(epoch, 5 * s);
  const Lanes cut = worlds::cut(world, first_time, end + margin);
  const auto until = [&](Answer answer) {
    std::erase_if(answer, [&](const oracle::Taken& t) { return t.moment.t > end; });
    return answer;
  };
  const Answer part = until(braided(cut, s, epoch, end + margin));
  const Answer expected = until(whole);
  REQUIRE_MESSAGE(part == expected, text(world, expected) << " until " << end << text(cut, part));
}

void check_with(const Lanes& world, Span length, Timestamp known_until) {
  const Answer answer = braided(world, s, length, known_until);
  const Answer expected = oracle::braid(world, s, length, known_until);
  REQUIRE_MESSAGE(answer == expected, text(world, answer) << text({}, expected));
  check_spacing(world, answer);
  check_gap_free(world, answer, length);
}

/// Also with epochs so short that several begin in the smallest worlds.
void check_all(const Lanes& world) {
  check_with(world, epoch, last_time);
  check_with(world, s / 2, last_time);
  check_with(world, s / 2, 3 * s);
}

TEST_CASE("a hole of the leader is filled, and the answer stays with who filled it") {
  const Lanes world = {{{0}, {16}, {48}, {64}}, {{5}, {21}, {37}, {53}, {69}}};
  std::string taken;
  for (const auto& t : braided(world, s, 1000)) taken += std::to_string(t.moment.t) + " ";
  CHECK(taken == "0 16 37 53 69 ");
}

TEST_CASE("a change of course goes by way of a third lane where that makes smaller steps") {
  // The first lane fails once; eight epochs later it is followed again.
  Lanes world(3);
  for (Timestamp t = 0; t < 900; t += 16) {
    if (t != 32) world[0].push_back({t});
    world[1].push_back({t + 6});
    world[2].push_back({t + 11});
  }
  std::string taken;
  for (const auto& t : braided(world)) {
    if (t.moment.t > 546 && t.moment.t < 616) {
      taken += std::to_string(t.lane) + ":" + std::to_string(t.moment.t) + " ";
    }
  }
  CHECK(taken == "2:555 2:571 1:582 0:592 0:608 ");
}

std::string times(const Lanes& world, Timestamp known_until = last_time) {
  std::string taken;
  for (const auto& t : braided(world, s, 1000, known_until)) {
    taken += std::to_string(t.lane) + ":" + std::to_string(t.moment.t) + " ";
  }
  return taken;
}

TEST_CASE("a step that is worse is taken where it leads to better ones") {
  // 1:43 comes 11 after 0:32, but then only 2:52 is left, 9 later; 2:52 is 20 after 0:32.
  const oracle::Moments goes_on = {{4}, {20}, {36}, {52}, {68}, {84}, {100}, {116}};
  CHECK(times({{{0}, {16}, {32}}, {{11}, {27}, {43}}, goes_on}) ==
        "0:0 0:16 0:32 2:52 2:68 2:84 2:100 2:116 ");
}

TEST_CASE("before a hole that all share the last two samples are of the lane that speaks last") {
  // Of the window (34, 98] the second lane has two samples; 0:32 and 0:48 would be one.
  CHECK(times({{{0}, {16}, {32}, {48}, {112}}, {{2}, {18}, {34}, {50}, {114}}}) ==
        "0:0 0:16 1:34 1:50 0:112 ");
  CHECK(times({{{0}, {16}, {32}, {112}}, {{2}, {18}, {34}, {50}, {114}}}) ==
        "0:0 0:16 1:34 1:50 0:112 ");
  CHECK(times({{{0}, {16}, {32}, {48}, {112}}, {{2}, {18}, {50}, {114}}}) ==
        "0:0 0:16 0:32 1:50 0:112 ");
}

TEST_CASE("behind a hole the second sample is not later than the first second one of a replica") {
  // Alone 1:100 0:118 0:135 would be better spaced, but a window that ends at 116 has 1:100 1:116.
  const Lanes world = {{{4}, {20}, {36, true}, {103}, {118}, {135}, {151}, {167}, {183}, {199}},
                       {{0}, {16}, {32, true}, {100}, {116}, {132, true}}};
  const std::string taken = times(world);
  CHECK(taken.find("1:100 1:116 0:135 0:151 ") != std::string::npos);
}

TEST_CASE("a coarse replica is not begun with where a fine one speaks") {
  Lanes world = {{{0}, {16}, {32}, {48}, {64, true}, {300}},
                 {{10}, {26}, {42}, {58}, {74, true}},
                 {{2}, {66}, {130}, {194}, {258}}};
  world[2].coarse = 64;
  CHECK(times(world) == "0:0 0:16 0:32 0:48 1:58 2:66 2:130 2:194 2:258 0:300 ");
}

TEST_CASE("at the end of all data, which may be no hole, the lane is not left") {
  const Lanes world = {{{0}, {16}, {32}, {48}}, {{2}, {18}, {34}, {50}}};
  CHECK(times(world, 1000) == "0:0 0:16 0:32 0:48 ");
  // Where it is known to be the end, the one that speaks last gives the last two.
  CHECK(times(world) == "0:0 0:16 1:34 1:50 ");
}

/// What braid.h promises, said without the oracle's own epochs: but for two intervals at either end
/// an epoch shows the course that began eight epochs before it, and no other. So a course that
/// takes over in one epoch is not followed into the next without asking.
void check_epochs(const Lanes& world, Span length) {
  const Answer answer = braided(world, s, length);
  for (std::size_t k = 1; k < answer.size(); ++k) {
    const Timestamp t = answer[k].moment.t;
    const Timestamp begin = minus(epoch_end(t, length), length);
    const bool changes =
        answer[k - 1].moment.t <= plus(begin, 2 * s) || t >= minus(plus(begin, length), 2 * s);
    if (changes) continue;
    const Answer own = oracle::course(world, s, length, minus(begin, 8 * length), last_time);
    const bool on_course = std::find(own.begin(), own.end(), answer[k]) != own.end();
    REQUIRE_MESSAGE(on_course, text(world, answer) << text({}, own));
  }
}

TEST_CASE("every epoch of random worlds shows its own course") {
  std::mt19937_64 random(9);
  for (int i = 0; i < 500; ++i) {
    const Lanes world = worlds::random(random, s, 90);
    for (const Span length : {6 * s, 9 * s}) check_epochs(world, length);
  }
}

TEST_CASE("a single lane comes back whole") {
  const Answer answer = braided({{{-9, true}, {0}, {1}, {2, true}, {3, true}, {500}}});
  CHECK(answer.size() == 6);
}

TEST_CASE(
    "a marker that ends nothing is not given, also where its lane is the only one that speaks") {
  // The first lane was away when the target went, and says so long after.
  const Lanes world = {{{0}, {16}, {1000, true}}, {{5}, {21}, {37}, {53}, {69, true}}};
  const Answer answer = braided(world);
  REQUIRE(!answer.empty());
  CHECK(answer.back().moment.t == 69);
  check_window(world, answer, 900);
}

TEST_CASE("all worlds of two lanes and five slots") {
  for (const Timestamp phase : {0, 1, 3, 5, 8, 9, 13})
    worlds::each_tiny(5, {0, phase}, s, check_all);
}

TEST_CASE("all worlds of three lanes and three slots") {
  for (const Timestamp a : {0, 4, 9, 15}) {
    for (const Timestamp b : {0, 2, 7, 12}) worlds::each_tiny(3, {3, a, b}, s, check_all);
  }
}

TEST_CASE("random worlds") {
  std::mt19937_64 random(4);
  for (int i = 0; i < 2000; ++i) check_all(worlds::random(random, s, 20 + random() % 60));
}

TEST_CASE("where the finest replica fails the next finest is followed until it is back") {
  Lanes world(3);
  for (Timestamp t = 0; t < 640; t += 16) {
    if (t < 160 || t >= 400) world[2].push_back({t + 1});
    if (t % 32 == 0) world[1].push_back({t + 5});
    if (t % 64 == 0) world[0].push_back({t + 10});
  }
  world[0].coarse = 64;
  world[1].coarse = 32;
  std::string taken;
  for (const auto& t : braided(world)) {
    if (t.moment.t > 120 && t.moment.t < 440) {
      taken += std::to_string(t.lane) + ":" + std::to_string(t.moment.t) + " ";
    }
  }
  CHECK(taken == "2:129 2:145 1:165 1:197 1:229 1:261 1:293 1:325 1:357 1:389 2:401 2:417 2:433 ");
}

TEST_CASE("random worlds in which replicas have other intervals") {
  std::mt19937_64 random(6);
  for (int i = 0; i < 2000; ++i) {
    Lanes world = worlds::random(random, s, 80);
    for (auto& lane : world) worlds::thin(lane, s << (random() % 3), s);
    const Answer answer = braided(world);
    const Answer expected = oracle::braid(world, s, epoch, last_time);
    REQUIRE_MESSAGE(answer == expected, text(world, answer) << text({}, expected));
    for (int w = 0; w < 8; ++w) {
      check_window(world, answer, static_cast<Timestamp>(random() % (70 * s)));
      check_window_end(world, answer, static_cast<Timestamp>(random() % (70 * s)));
    }
  }
}

TEST_CASE("windows of random worlds agree") {
  std::mt19937_64 random(5);
  for (int i = 0; i < 2000; ++i) {
    const Lanes world = worlds::random(random, s, 80);
    const Answer whole = braided(world);
    for (int w = 0; w < 8; ++w) {
      check_window(world, whole, static_cast<Timestamp>(random() % (70 * s)));
      check_window_end(world, whole, static_cast<Timestamp>(random() % (70 * s)));
    }
  }
}

TEST_CASE("times at both ends of an int64") {
  const Lanes world = {{{first_time + 1}, {first_time + 17}, {last_time - 20}, {last_time}},
                       {{first_time + 9}, {0}, {last_time - 3}}};
  const Answer answer = braided(world);
  REQUIRE(answer.size() >= 4);
  CHECK(answer.front().moment.t == first_time + 1);
}

}  // namespace
}  // namespace prombraid::merge
