#include "oracle.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

namespace prombraid::merge::oracle {
namespace {

using Lanes = std::vector<Moments>;

struct Wish {
  Timestamp after;
  Timestamp until;
};

/// All real samples of lane `k` in (after, until].
Answer real_in(const Lanes& lanes, std::size_t k, Wish wish) {
  Answer found;
  for (const Moment& m : lanes[k]) {
    if (!m.stale && m.t > wish.after && m.t <= wish.until) found.push_back({k, m});
  }
  return found;
}

bool any_live(const Lanes& lanes, Timestamp t, Span s) {
  return std::any_of(lanes.begin(), lanes.end(),
                     [&](const Moments& lane) { return live(lane, t, s); });
}

/// How far `gap` is from S, and three times more how far outside of [11/15 S, 11/10 S].
Span cost(Span gap, Span s) {
  const Span least = s - s / 15 * 4;
  const Span most = s + s / 10;
  Span sum = gap < s ? s - gap : gap - s;
  if (gap < least) sum += 3 * (least - gap);
  if (gap > most) sum += 3 * (gap - most);
  return sum;
}

/// Until when a course at `t` looks for somebody who goes on.
Timestamp horizon(Timestamp t, Span s, Span epoch) {
  return plus(t, std::max(epoch, 5 * s));
}

/// What is known of the lanes: who began at `from` knows nothing before, and silence is sure only
/// up to `until`.
struct Known {
  Timestamp from;
  Timestamp until;
};

/// True where somebody says anything in `wish`.
bool anything_in(const Lanes& lanes, Wish wish) {
  return std::any_of(lanes.begin(), lanes.end(), [&](const Moments& lane) {
    return std::any_of(lane.begin(), lane.end(),
                       [&](const Moment& m) { return m.t > wish.after && m.t <= wish.until; });
  });
}

/// True where a silence from `wish.after` on ends in time, or surely does not.
bool is_hole(const Lanes& lanes, Wish wish, const Known& known) {
  return wish.until <= known.until || anything_in(lanes, wish);
}

std::optional<Taken> nearest_of(const Lanes& lanes, const Taken& last, Span s, bool coarse) {
  const Timestamp t = last.moment.t;
  std::optional<Taken> best;
  Span least = 0;
  for (std::size_t k = 0; k < lanes.size(); ++k) {
    if (coarse != (lanes[k].coarse > 0)) continue;
    const Timestamp after = k == last.lane ? t : plus(t, s / 2);
    const Answer found = real_in(lanes, k, {after, plus(t, s + s / 2)});
    if (found.empty()) continue;
    const Span price = cost(distance(t, found.front().moment.t), s);
    if (best && least <= price) continue;
    best = found.front();
    least = price;
  }
  return best;
}

std::optional<Taken> nearest_to_one_interval(const Lanes& lanes, const Taken& last, Span s) {
  const auto fine = nearest_of(lanes, last, s, false);
  return fine ? fine : nearest_of(lanes, last, s, true);
}

std::optional<Taken> near_one(const Lanes& lanes, Timestamp t, Span s, Span own, Span epoch) {
  if (!anything_in(lanes, {plus(t, own + own / 2), horizon(t, s, epoch)})) return {};
  std::optional<Taken> best;
  for (std::size_t k = 0; k < lanes.size(); ++k) {
    const Answer found = real_in(lanes, k, {plus(t, s / 4), plus(t, own / 2)});
    if (found.empty() || (best && best->moment.t >= found.back().moment.t)) continue;
    best = found.back();
  }
  return best;
}

/// A marker that ends what its lane said less than an epoch ago.
bool ends_something(const Moments& lane, const Moment& marker, Span epoch) {
  for (std::size_t i = 1; i < lane.size(); ++i) {
    if (lane[i].t != marker.t) continue;
    return !lane[i - 1].stale && distance(lane[i - 1].t, marker.t) <= epoch;
  }
  return false;
}

std::optional<Taken> marker(const Lanes& lanes, Wish wish, Span s, Span epoch) {
  std::optional<Taken> best;
  for (std::size_t k = 0; k < lanes.size(); ++k) {
    for (const Moment& m : lanes[k]) {
      if (!m.stale || m.t <= wish.after || m.t > wish.until) continue;
      if (any_live(lanes, m.t, s) || !ends_something(lanes[k], m, epoch)) continue;
      if (!best || m.t < best->moment.t) best = Taken{k, m};
    }
  }
  return best;
}

std::optional<Taken> first_after(const Lanes& lanes, Timestamp after) {
  std::optional<Taken> first;
  for (std::size_t k = 0; k < lanes.size(); ++k) {
    const Answer found = real_in(lanes, k, {after, last_time});
    if (found.empty() || (first && first->moment.t <= found.front().moment.t)) continue;
    first = found.front();
  }
  return first;
}

/// Instead of a coarse lane's sample, where that comes within 3/2 of its interval after `t`, that
/// of the finest lane within S/4.
Taken finer_soon(const Lanes& lanes, const Taken& first, Timestamp t, Span s) {
  const Span own = lanes[first.lane].coarse;
  if (own == 0 || distance(t, first.moment.t) > own + own / 2) return first;
  Taken best = first;
  for (std::size_t k = 0; k < lanes.size(); ++k) {
    const Timestamp from = first.moment.t;
    const Answer found = real_in(lanes, k, {from, plus(from, s / 4)});
    const Span than = lanes[best.lane].coarse;
    if (!found.empty() && lanes[k].coarse < than - than / 4) best = found.front();
  }
  return best;
}

/// After the moment at `t`; who speaks must do so after `apart`.
std::optional<Taken> beyond_hole(const Lanes& lanes, Timestamp t, Timestamp apart, bool after_stale,
                                 Span s, Span epoch) {
  const auto speaker = first_after(lanes, apart);
  if (!after_stale) {
    const auto mark = marker(lanes, {t, speaker ? speaker->moment.t : last_time}, s, epoch);
    if (mark) return mark;
  }
  const bool goes_on = !after_stale && t < apart;
  return speaker && goes_on ? finer_soon(lanes, *speaker, t, s) : speaker;
}

std::optional<Taken> begin(const Lanes& lanes, Timestamp from, Span s, Span epoch) {
  for (const bool coarse : {false, true}) {
    for (std::size_t k = 0; k < lanes.size(); ++k) {
      const Answer found = real_in(lanes, k, {from, plus(from, s + s / 2)});
      if (coarse == (lanes[k].coarse > 0) && !found.empty()) return found.front();
    }
  }
  return beyond_hole(lanes, from, from, false, s, epoch);
}

/// The first sample of a finer lane than one of interval `own` in (t, end): S/2 away, or a coarse
/// one nearer where else 3/2 S would pass.
std::optional<Taken> finer_before(const Lanes& lanes, Timestamp t, Timestamp end, Span own,
                                  Span s) {
  std::optional<Taken> first;
  std::optional<Taken> near;
  for (std::size_t k = 0; k < lanes.size(); ++k) {
    if (lanes[k].coarse >= own - own / 4) continue;
    for (const Taken& m : real_in(lanes, k, {plus(t, s / 4), end})) {
      if (m.moment.t >= end) continue;
      const bool far = distance(t, m.moment.t) > s / 2;
      if (!far && lanes[k].coarse == 0) continue;
      auto& best = far ? first : near;
      if (!best || m.moment.t < best->moment.t) best = m;
    }
  }
  const bool hole = !first || distance(t, first->moment.t) > s + s / 2;
  return near && hole ? near : first;
}

/// Its own next sample within 5/4 S, else whose is nearest to S.
std::optional<Taken> plain_next(const Lanes& lanes, const Taken& last, Span s) {
  const Timestamp t = last.moment.t;
  const Answer own = real_in(lanes, last.lane, {t, plus(t, s + s / 4)});
  return own.empty() ? nearest_to_one_interval(lanes, last, s) : own.front();
}

/// Nobody speaks within 3/2 S after `last`, but for others within S/4, and somebody does later.
bool is_last_before_hole(const Lanes& lanes, const Taken& last, Span s, Timestamp until,
                         const Known& known) {
  const Timestamp t = last.moment.t;
  const Timestamp fades = plus(t, s + s / 2);
  for (std::size_t k = 0; k < lanes.size(); ++k) {
    if (!real_in(lanes, k, {k == last.lane ? t : plus(t, s / 4), fades}).empty()) return false;
  }
  return is_hole(lanes, {fades, until}, known);
}

/// `taken`, or the latest sample within S/4 after it.
Taken latest_near(const Lanes& lanes, const Taken& taken, Span s) {
  Taken best = taken;
  for (std::size_t k = 0; k < lanes.size(); ++k) {
    const Timestamp t = taken.moment.t;
    for (const Taken& m : real_in(lanes, k, {t, plus(t, s / 4)})) {
      if (m.moment.t > best.moment.t) best = m;
    }
  }
  return best;
}

bool may_follow(const Taken& last, const Taken& taken, Span s) {
  const Span gap = distance(last.moment.t, taken.moment.t);
  return gap <= s + s / 2 && (taken.lane == last.lane || gap > s / 2);
}

/// What comes after `last` instead of `wish`, that the last two samples before a hole are of the
/// lane that speaks last.
Taken before_hole(const Lanes& lanes, const Taken& last, const Taken& wish, Span s, Span epoch,
                  const Known& known) {
  const Timestamp far = horizon(last.moment.t, s, epoch);
  if (lanes[last.lane].coarse > 0 || lanes[wish.lane].coarse > 0) return wish;
  if (is_last_before_hole(lanes, wish, s, far, known)) {
    const Taken end = latest_near(lanes, wish, s);
    return may_follow(last, end, s) ? end : wish;
  }
  const auto then = plain_next(lanes, wish, s);
  if (!then || lanes[then->lane].coarse > 0 || !is_last_before_hole(lanes, *then, s, far, known)) {
    return wish;
  }
  const Taken end = latest_near(lanes, *then, s);
  if (end.lane == wish.lane) return wish;
  const Timestamp until = std::min(plus(last.moment.t, s + s / 2), end.moment.t - 1);
  const Answer between = real_in(lanes, end.lane, {wish.moment.t, until});
  return !between.empty() && may_follow(last, between.back(), s) ? between.back() : wish;
}

/// Its row of samples 5/4 S apart at most ends within 7/2 S, and somebody goes on behind that.
bool fails_soon(const Lanes& lanes, const Taken& last, Span s, Span epoch, const Known& known) {
  Timestamp end = last.moment.t;
  while (distance(last.moment.t, end) <= 3 * s + s / 2) {
    Timestamp next = end;
    for (const Moment& m : lanes[last.lane]) {
      const bool follows = m.t > end && distance(end, m.t) <= s + s / 4;
      if (next == end && follows) next = m.stale ? last_time : m.t;
    }
    if (next == end || next == last_time) {
      return is_hole(lanes, {plus(end, s + s / 4), horizon(last.moment.t, s, epoch)}, known);
    }
    end = next;
  }
  return false;
}

/// True where a way may step from `from` to `to`, of `all` that are on ways.
bool may_step(const Answer& all, const Taken& from, const Taken& to, Span s) {
  if (to.moment.t <= from.moment.t) return false;
  const Span gap = distance(from.moment.t, to.moment.t);
  if (gap > s + s / 2) return false;
  if (to.lane != from.lane) return gap > s / 2;
  return std::none_of(all.begin(), all.end(), [&](const Taken& other) {
    return other.lane == from.lane && other.moment.t > from.moment.t &&
           other.moment.t < to.moment.t;
  });
}

/// What a way costs, and what decides between equals.
struct Price {
  Span cost = 0;
  std::size_t changes = 0;

  auto operator<=>(const Price&) const = default;
};

/// Where all ways lead, and what was found of them.
struct Ways {
  const Lanes& lanes;
  Answer all;  ///< that are on ways
  Timestamp goal;
  Span s;
  std::map<std::size_t, std::optional<Price>> prices = {};  ///< by the number in `all`
};

std::optional<Price> best_price(Ways& ways, const Taken& from);

/// The price of the best way from `from` by way of number `i`: twice the same way need not be
/// tried.
std::optional<Price> price_by(Ways& ways, const Taken& from, std::size_t i) {
  const Taken& to = ways.all[i];
  if (!may_step(ways.all, from, to, ways.s)) return {};
  auto known = ways.prices.find(i);
  if (known == ways.prices.end()) known = ways.prices.emplace(i, best_price(ways, to)).first;
  auto price = known->second;
  if (!price) return {};
  price->cost += cost(distance(from.moment.t, to.moment.t), ways.s);
  price->changes += to.lane == from.lane ? 0 : 1;
  return price;
}

/// The price of the best way from `from` to a sample of a lane that is not coarse later than the
/// goal, by trying all of them.
std::optional<Price> best_price(Ways& ways, const Taken& from) {
  if (from.moment.t > ways.goal && ways.lanes[from.lane].coarse == 0) return Price{};
  std::optional<Price> best;
  for (std::size_t i = 0; i < ways.all.size(); ++i) {
    const auto price = price_by(ways, from, i);
    if (price && (!best || *price < *best)) best = price;
  }
  return best;
}

/// The first step of the best way through the next 5 S.
std::optional<Taken> planned(const Lanes& lanes, const Taken& last, Span s,
                             Timestamp until = last_time) {
  const Timestamp t = last.moment.t;
  Answer all;
  for (std::size_t k = 0; k < lanes.size(); ++k) {
    const Answer found = real_in(lanes, k, {t, plus(t, 5 * s)});
    all.insert(all.end(), found.begin(), found.end());
  }
  std::sort(all.begin(), all.end(), [](const Taken& a, const Taken& b) {
    return std::tie(a.moment.t, a.lane) < std::tie(b.moment.t, b.lane);
  });
  Ways ways{lanes, all, plus(t, 5 * s - (s + s / 2)), s};
  std::optional<Taken> first;
  std::optional<Price> least;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Taken& to = all[i];
    const auto price = price_by(ways, last, i);
    if (!price || to.moment.t > until) continue;
    const bool stays = to.lane == last.lane;
    if (least && (*least < *price || (*least == *price && !stays))) continue;
    first = to;
    least = price;
  }
  return first;
}

/// Where nobody spoke in the 3/2 S before `last`, and the course knows that: the first sample that
/// is its lane's second one since then.
std::optional<Taken> second_after_hole(const Lanes& lanes, const Taken& last, Span s,
                                       const Known& known) {
  const Timestamp t = last.moment.t;
  const Timestamp since = minus(t, s + s / 2);
  if (since < known.from) return {};
  std::optional<Taken> second;
  for (std::size_t k = 0; k < lanes.size(); ++k) {
    if (!real_in(lanes, k, {since, t - 1}).empty()) return {};
    const Answer found = real_in(lanes, k, {t - 1, last_time});
    if (found.size() < 2 || !may_follow(last, found[1], s)) continue;
    if (!second || found[1].moment.t < second->moment.t) second = found[1];
  }
  return second;
}

/// What comes after `last` instead of `wish` where the lane of `last` fails soon.
Taken ahead(const Lanes& lanes, const Taken& last, const Taken& wish, Span s, Span epoch,
            const Known& known) {
  if (lanes[last.lane].coarse > 0 || !fails_soon(lanes, last, s, epoch, known)) return wish;
  const auto second = second_after_hole(lanes, last, s, known);
  const auto way = planned(lanes, last, s, second ? second->moment.t : last_time);
  if (way) return *way;
  const bool late = second && wish.moment.t > second->moment.t;
  return before_hole(lanes, last, late ? *second : wish, s, epoch, known);
}

std::optional<Taken> next(const Lanes& lanes, const Taken& last, Span s, Span epoch,
                          const Known& known) {
  const Timestamp t = last.moment.t;
  if (last.moment.stale) return beyond_hole(lanes, t, t, true, s, epoch);
  const Span coarse = lanes[last.lane].coarse;
  const Span own_s = coarse > 0 ? coarse : s;
  const Answer own = real_in(lanes, last.lane, {t, plus(t, own_s + own_s / 4)});
  if (coarse > 0) {
    const Timestamp end = own.empty() ? plus(t, own_s + own_s / 2) : own.front().moment.t;
    if (const auto finer = finer_before(lanes, t, end, coarse, s)) {
      const auto way = planned(lanes, last, s);
      return way ? way : finer;
    }
  }
  if (!own.empty()) return ahead(lanes, last, own.front(), s, epoch, known);
  const auto taken = nearest_to_one_interval(lanes, last, own_s);
  if (taken) return ahead(lanes, last, *taken, s, epoch, known);
  if (const auto near = near_one(lanes, t, s, own_s, epoch)) return near;
  return beyond_hole(lanes, t, plus(t, own_s / 2), false, s, epoch);
}

/// From where `fresh` may go on after `last`; `fresh` begins behind it.
std::size_t kept_apart(const Answer& fresh, const Taken& last, Span s) {
  std::size_t i = 0;
  while (i < fresh.size()) {
    const Taken& taken = fresh[i];
    const Span gap = distance(last.moment.t, taken.moment.t);
    if (last.moment.stale || taken.moment.stale || taken.lane == last.lane || gap > s / 2) break;
    const bool in_time = i + 1 < fresh.size() && !fresh[i + 1].moment.stale &&
                         distance(last.moment.t, fresh[i + 1].moment.t) <= s + s / 2;
    if (!in_time && gap > s / 4) break;
    ++i;
  }
  return i;
}

/// A way from `last` onto a fresh course: what is taken of it, how much of that belongs to the
/// change itself, and what its worse step costs.
struct Way {
  Answer plan;
  std::size_t sure = 1;
  Span worst = 0;
};

std::optional<Way> by_way_of(const Taken& third, const Answer& fresh, const Taken& last,
                             Timestamp latest, Span s) {
  std::size_t i = 0;
  while (i < fresh.size() && fresh[i].moment.t <= plus(third.moment.t, s / 2)) {
    if (fresh[i++].moment.stale) return {};
  }
  if (i == fresh.size() || fresh[i].moment.stale || fresh[i].moment.t > latest) return {};
  const Span second = distance(third.moment.t, fresh[i].moment.t);
  if (second > s + s / 2) return {};
  Way way{{third}, 2, std::max(cost(distance(last.moment.t, third.moment.t), s), cost(second, s))};
  way.plan.insert(way.plan.end(), fresh.begin() + static_cast<std::ptrdiff_t>(i), fresh.end());
  return way;
}

/// The direct way, or that through the third lane whose worse step is the best.
Way best_way(const Lanes& lanes, const Answer& fresh, const Taken& last, Timestamp begin, Span s) {
  Way best{fresh, 1, 0};
  if (fresh.empty() || fresh[0].moment.stale || last.moment.stale) return best;
  const Span direct = distance(last.moment.t, fresh[0].moment.t);
  if (direct > s + s / 2) return best;
  best.worst = cost(direct, s);
  for (std::size_t k = 0; k < lanes.size(); ++k) {
    if (k == last.lane || k == fresh[0].lane) continue;
    const Wish wish{std::max(begin, plus(last.moment.t, s / 2)), plus(last.moment.t, s + s / 2)};
    const Answer found = real_in(lanes, k, wish);
    if (found.empty()) continue;
    const auto way = by_way_of(found.front(), fresh, last, plus(begin, 2 * s), s);
    if (way && way->worst < best.worst) best = *way;
  }
  return best;
}

Timestamp end_of_epoch(Timestamp t, Span epoch) {
  Timestamp end = t / static_cast<Timestamp>(epoch) * static_cast<Timestamp>(epoch);
  while (end < t) end += static_cast<Timestamp>(epoch);
  return end;
}

}  // namespace

bool live(const Moments& lane, Timestamp t, Span interval) {
  const Span own = std::max(interval, lane.coarse);
  const Moment* before = nullptr;
  for (const Moment& m : lane) {
    if (m.t <= t) before = &m;
  }
  return before != nullptr && !before->stale && distance(before->t, t) < own + own / 2;
}

Answer course(const Lanes& lanes, Span interval, Span epoch, Timestamp from,
              Timestamp known_until) {
  Answer answer;
  auto taken = begin(lanes, from, interval, epoch);
  while (taken) {
    answer.push_back(*taken);
    taken = next(lanes, *taken, interval, epoch, {from, known_until});
  }
  return answer;
}

Answer braid(const Lanes& lanes, Span interval, Span epoch, Timestamp known_until) {
  const auto length = static_cast<Timestamp>(epoch);
  Way way{course(lanes, interval, epoch, first_time, known_until)};
  Answer answer;
  std::size_t i = 0;
  while (i < way.plan.size()) {
    const Timestamp end = end_of_epoch(way.plan[i].moment.t, epoch);
    const Timestamp start = end - length;
    if (!answer.empty() && answer.back().moment.t <= start) {
      const Taken last = answer.back();
      Answer fresh = course(lanes, interval, epoch, start - 8 * length, known_until);
      const Span own = std::max(interval, lanes[last.lane].coarse);
      const bool hole = distance(last.moment.t, way.plan[i].moment.t) > own + own / 2;
      const Timestamp passed = hole ? start : last.moment.t;
      std::erase_if(fresh, [&](const Taken& t) { return t.moment.t <= passed; });
      const bool met = !fresh.empty() && fresh[0] == way.plan[i];
      const std::size_t skipped = met ? 0 : kept_apart(fresh, last, interval);
      fresh.erase(fresh.begin(), fresh.begin() + static_cast<std::ptrdiff_t>(skipped));
      way = met ? Way{fresh} : best_way(lanes, fresh, last, start, interval);
      i = 0;
      if (way.plan.empty()) break;
    }
    // The course goes on through the epoch in which it takes over; what comes behind that is
    // another course's. That epoch, not the one of the moment it replaces, which may be later: else
    // a whole epoch would show what an earlier one's course says (braid_test.cc, `check_epochs`).
    const std::size_t change = std::min(i + (i == 0 ? way.sure : 1), way.plan.size()) - 1;
    const Timestamp until = end_of_epoch(way.plan[change].moment.t, epoch);
    while (i < way.plan.size() && way.plan[i].moment.t <= until) answer.push_back(way.plan[i++]);
  }
  return answer;
}

}  // namespace prombraid::merge::oracle
