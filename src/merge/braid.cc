#include "merge/braid.h"

#include <algorithm>
#include <optional>

#include "merge/rule.h"

namespace prombraid::merge {
namespace {

/// True where `fresh` may follow `main` directly.
bool far_enough(const Course& main, const Course& fresh, const Reach& reach) {
  return main.stale() || fresh.stale() || main.last().lane == fresh.last().lane ||
         distance(main.time(), fresh.time()) > reach.apart;
}

/// Brings `fresh`, which has passed `main`, to the moment at which it takes over.
bool keep_apart(const Course& main, Course& fresh, const Reach& reach) {
  while (!far_enough(main, fresh, reach)) {
    Course next = fresh;
    const bool in_time =
        next.advance() && !next.stale() && distance(main.time(), next.time()) <= reach.live;
    // What is near is still better than a hole.
    if (!in_time && distance(main.time(), fresh.time()) > reach.near) return true;
    if (next.last() == fresh.last()) return false;
    fresh = next;
  }
  return true;
}

/// The step of `main` by way of a third lane onto `fresh` whose worse half is better than going
/// there directly; then `fresh` stands where it lands. All of it lies within 2 S of `begin`: so far
/// a window that begins there may differ.
std::optional<Step> step_between(std::span<Lane> lanes, const Course& main, Course& fresh,
                                 const Reach& reach, Timestamp begin) {
  const Span direct = distance(main.time(), fresh.time());
  if (main.stale() || fresh.stale() || direct > reach.live) return {};
  std::optional<Step> best;
  Span least = reach.cost(direct);
  Course landed = fresh;
  for (std::uint32_t k = 0; k < lanes.size(); ++k) {
    if (k == main.last().lane || k == fresh.last().lane) continue;
    const auto at = lanes[k].first_real(std::max(begin, plus(main.time(), reach.apart)),
                                        plus(main.time(), reach.live));
    if (!at) continue;
    const Timestamp t = lanes[k].time(*at);
    Course landing = fresh;
    bool goes_on = true;
    while (goes_on && landing.time() <= plus(t, reach.apart)) {
      goes_on = landing.advance() && !landing.stale();
    }
    const Timestamp latest = std::min(plus(t, reach.live), plus(begin, 2 * reach.interval));
    if (!goes_on || landing.time() > latest) continue;
    const Span worse =
        std::max(reach.cost(distance(main.time(), t)), reach.cost(distance(t, landing.time())));
    if (worse >= least) continue;
    least = worse;
    best = Step{k, *at};
    landed = landing;
  }
  if (best) fresh = landed;
  return best;
}

}  // namespace

Timestamp epoch_end(Timestamp t, Span epoch) {
  const auto length = static_cast<Timestamp>(epoch);
  const Timestamp over = t % length;
  if (over == 0) return t;
  return over > 0 ? plus(t, static_cast<Span>(length - over)) : t - over;
}

void Braider::braid(std::span<Lane> lanes, Span interval, Span epoch, Timestamp known_until) {
  runs_.clear();
  const auto speaks = [](const Lane& lane) { return lane.size() > 0; };
  const auto speaks_often = [](const Lane& lane) { return lane.size() > 0 && lane.coarse() == 0; };
  auto first = std::find_if(lanes.begin(), lanes.end(), speaks_often);
  if (first == lanes.end()) first = std::find_if(lanes.begin(), lanes.end(), speaks);
  if (first == lanes.end()) return;
  const auto best = static_cast<std::uint32_t>(first - lanes.begin());
  if (lanes.size() == 1) {
    for (std::uint32_t i = 0; i < first->size() && first->ready_until(i) > i;) {
      i = first->ready_until(i);
    }
    if (first->size() > 0) runs_.push_back({best, 0, first->size()});
    return;
  }
  follow_courses(lanes, best, Reach(interval, epoch), epoch, known_until);
}

void Braider::take_whole(const Lane& lane) {
  runs_.clear();
  if (lane.size() > 0) runs_.push_back({0, 0, lane.size()});
}

void Braider::follow_courses(std::span<Lane> lanes, std::uint32_t best, const Reach& reach,
                             Span epoch, Timestamp known_until) {
  const Span memory = epochs_back * epoch;
  Course main(lanes, reach, {first_time, known_until});
  joined_ = first_time;
  // Since when one course has followed the best lane without a break: another that begins later in
  // that time would begin on that lane and go on as that one does, so it need not be looked at.
  Timestamp steady_since = first_time;
  while (true) {
    Course ahead = main;
    if (!ahead.advance()) return;
    const Timestamp begin = minus(epoch_end(ahead.time(), epoch), epoch);
    const Timestamp from = minus(begin, memory);
    const bool on_best = main.begun() && !main.stale() && main.last().lane == best;
    const bool same_course = on_best && steady_since <= from && from < main.time();
    if (main.begun() && main.time() <= begin && !same_course) {
      if (!enter_epoch(lanes, main, ahead, Course(lanes, reach, {from, known_until}), reach,
                       begin)) {
        return;
      }
    }
    const bool steady = on_best && ahead.last().lane == best && joined_ != ahead.time() &&
                        distance(main.time(), ahead.time()) <= reach.next;
    if (!steady) steady_since = ahead.time();
    main = ahead;
    record(main.last(), 1);
    const bool free_run =
        main.last().lane == best && steady_since <= minus(epoch_end(main.time(), epoch), memory);
    const Timestamp until = free_run ? last_time : epoch_end(main.time(), epoch);
    if (const std::uint32_t taken = main.run_on(until)) record(main.last(), taken);
  }
}

/// Runs the fresh course until it meets the course that is followed (then `ahead` stays) or takes
/// over from it (then `ahead` becomes it). False where it has come to the end of all lanes.
bool Braider::enter_epoch(std::span<Lane> lanes, const Course& main, Course& ahead, Course fresh,
                          const Reach& reach, Timestamp begin) {
  // Before that two courses that meet may part again (`second_after_hole`, course.cc).
  const Timestamp alike = plus(fresh.time(), reach.live);
  // Before a hole nothing is added to what the course says that ends there: whether there is a
  // change behind it, a reader for a range that ends before may not see.
  const Span live = reach.live_in(lanes[main.last().lane]);
  const Timestamp from = distance(main.time(), ahead.time()) > live ? begin : main.time();
  do {
    if (!fresh.advance()) return false;
    if (fresh.last() == ahead.last()) {
      ahead = fresh;
      return true;
    }
    if (fresh.time() >= alike && has_taken(lanes, fresh.last(), 1)) return true;
    const std::uint32_t more = fresh.run_on(main.time());
    // A row has no hole before it.
    if (more > 0 && has_taken(lanes, fresh.last(), more)) return true;
  } while (fresh.time() <= from);
  if (!keep_apart(main, fresh, reach)) return false;
  if (const auto between = step_between(lanes, main, fresh, reach, begin)) record(*between, 1);
  ahead = fresh;
  joined_ = fresh.time();
  return true;
}

/// True where the course that is followed has one of the `count` moments of a lane of which `last`
/// is the last.
bool Braider::has_taken(std::span<Lane> lanes, Step last, std::uint32_t count) const {
  const Lane& lane = lanes[last.lane];
  const std::uint32_t from = last.at + 1 - count;
  const Timestamp since = std::max(joined_, lane.time(from));
  for (auto run = runs_.rbegin(); run != runs_.rend(); ++run) {
    const std::uint32_t run_last = run->from + run->count - 1;
    const bool overlap = run->lane == last.lane && run->from <= last.at && from <= run_last;
    if (overlap && lane.time(std::min(last.at, run_last)) >= joined_) return true;
    if (lanes[run->lane].time(run->from) <= since) return false;
  }
  return false;
}

void Braider::record(Step last, std::uint32_t count) {
  const std::uint32_t from = last.at + 1 - count;
  if (!runs_.empty()) {
    Run& run = runs_.back();
    if (run.lane == last.lane && run.from + run.count == from) {
      run.count += count;
      return;
    }
  }
  runs_.push_back({last.lane, from, count});
}

}  // namespace prombraid::merge
