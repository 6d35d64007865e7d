#include "merge/braid.h"

#include <algorithm>
#include <limits>

namespace prombraid::merge {
namespace {

Timestamp plus(Timestamp t, std::uint64_t gap) {
  constexpr auto latest = std::numeric_limits<Timestamp>::max();
  const auto room = static_cast<std::uint64_t>(latest) - static_cast<std::uint64_t>(t);
  return gap >= room ? latest : static_cast<Timestamp>(static_cast<std::uint64_t>(t) + gap);
}

}  // namespace

void Braider::braid(std::span<const std::span<const Moment>> lanes, std::uint64_t interval) {
  runs_.clear();
  cursors_.clear();
  for (const auto& lane : lanes) cursors_.push_back({lane, 0});
  interval_ = interval;
  begun_ = false;
  while (step()) {
  }
}

bool Braider::step() {
  return (begun_ && (take_in_time() || take_near())) || take_after_hole();
}

/// The best-ranked lane that speaks again in (last + S/2, last + 1.5 S].
bool Braider::take_in_time() {
  for (std::size_t k = 0; k < cursors_.size(); ++k) {
    const std::size_t at = next_real(cursors_[k], plus(last_, interval_ / 2));
    if (at == cursors_[k].lane.size()) continue;
    if (since_last(cursors_[k].lane[at].t) > interval_ + interval_ / 2) continue;
    take(k, at, k == 0 ? Reason::leader : Reason::filled);
    return true;
  }
  return false;
}

/// Nobody does: the latest sample in (last + S/16, last + S/2] makes the hole smaller.
bool Braider::take_near() {
  std::size_t best = cursors_.size();
  std::size_t best_at = 0;
  for (std::size_t k = 0; k < cursors_.size(); ++k) {
    const auto lane = cursors_[k].lane;
    for (std::size_t at = next_real(cursors_[k], plus(last_, interval_ / 16)); at < lane.size();
         ++at) {
      if (since_last(lane[at].t) > interval_ / 2) break;
      if (lane[at].stale) continue;
      if (best < cursors_.size() && lane[at].t <= cursors_[best].lane[best_at].t) continue;
      best = k;
      best_at = at;
    }
  }
  if (best == cursors_.size()) return false;
  take(best, best_at, Reason::filled);
  return true;
}

/// All share a hole (or nothing was taken yet): whoever speaks first, by rank within S/16.
bool Braider::take_after_hole() {
  std::size_t best = cursors_.size();
  std::size_t best_at = 0;
  for (std::size_t k = cursors_.size(); k-- > 0;) {
    const auto lane = cursors_[k].lane;
    const std::size_t at =
        next_real(cursors_[k], begun_ ? last_ : std::numeric_limits<Timestamp>::min());
    if (at == lane.size()) continue;
    if (best < cursors_.size() &&
        lane[at].t > plus(cursors_[best].lane[best_at].t, interval_ / 16)) {
      continue;
    }
    best = k;
    best_at = at;
  }
  take_stale_before(best, best_at);
  if (best == cursors_.size()) return false;
  take(best, best_at, best == 0 ? Reason::leader : Reason::filled);
  return true;
}

/// The earliest stale marker of the hole at which no lane is live.
void Braider::take_stale_before(std::size_t winner, std::size_t at) {
  const auto end = winner < cursors_.size() ? cursors_[winner].lane[at].t
                                            : std::numeric_limits<Timestamp>::max();
  std::size_t best = cursors_.size();
  std::size_t best_at = 0;
  for (std::size_t k = 0; k < cursors_.size(); ++k) {
    const auto lane = cursors_[k].lane;
    for (std::size_t i = cursors_[k].at; i < lane.size() && lane[i].t <= end; ++i) {
      if (!lane[i].stale) continue;
      if (best < cursors_.size() && lane[i].t >= cursors_[best].lane[best_at].t) break;
      const auto is_live = [&](const Cursor& c) { return live(c, lane[i].t); };
      if (std::any_of(cursors_.begin(), cursors_.end(), is_live)) continue;
      best = k;
      best_at = i;
      break;
    }
  }
  if (best < cursors_.size()) take(best, best_at, Reason::leader);
}

/// A real sample in (t - 1.5 S, t] and no stale marker after it.
bool Braider::live(const Cursor& cursor, Timestamp t) const {
  const auto later = [](Timestamp time, const Moment& m) { return time < m.t; };
  const auto next = std::upper_bound(cursor.lane.begin(), cursor.lane.end(), t, later);
  if (next == cursor.lane.begin()) return false;
  const Moment& before = *(next - 1);
  const auto age = static_cast<std::uint64_t>(t) - static_cast<std::uint64_t>(before.t);
  return !before.stale && age < interval_ + interval_ / 2;
}

std::size_t Braider::next_real(const Cursor& cursor, Timestamp after) const {
  std::size_t at = cursor.at;
  const auto lane = cursor.lane;
  while (at < lane.size() && (lane[at].stale || (begun_ && lane[at].t <= after))) ++at;
  return at;
}

void Braider::take(std::size_t lane, std::size_t at, Reason reason) {
  last_ = cursors_[lane].lane[at].t;
  begun_ = true;
  for (Cursor& cursor : cursors_) {
    while (cursor.at < cursor.lane.size() && cursor.lane[cursor.at].t <= last_) ++cursor.at;
  }
  const auto l = static_cast<std::uint32_t>(lane);
  const auto i = static_cast<std::uint32_t>(at);
  if (!runs_.empty()) {
    Run& run = runs_.back();
    if (run.lane == l && run.reason == reason && run.from + run.count == i) {
      ++run.count;
      return;
    }
  }
  runs_.push_back({l, i, 1, reason});
}

}  // namespace prombraid::merge
