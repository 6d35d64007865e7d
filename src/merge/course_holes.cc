/// What a course does about holes: before one that all share, in it and behind it.
#include <algorithm>

#include "merge/course.h"

namespace prombraid::merge {

/// True where anybody says anything in (after, until].
bool Course::speaks_in(Timestamp after, Timestamp until) {
  return std::any_of(lanes_.begin(), lanes_.end(),
                     [&](Lane& lane) { return lane.speaks_in(after, until); });
}

/// True where a silence after `after` is one that ends, or one that lasts to `until` for good. Else
/// it may be the end of what is known.
bool Course::is_hole(Timestamp after, Timestamp until) {
  return until <= known_.end || speaks_in(after, until);
}

/// Where the last step is the first sample after a hole that all share: the first sample that is
/// the second one of its lane since then, and may follow. A window that ends with it has two of
/// that lane's, and two of the answer's only if those do not come later.
std::optional<Step> Course::second_after_hole() {
  const Timestamp since = minus(time_, reach_->live);
  // A course that begins here does not know what was before, and must not say more than it does.
  if (since < known_.start) return {};
  for (Lane& lane : lanes_) {
    if (lane.last_real(since, minus(time_, 1))) return {};
  }
  std::optional<Step> second;
  Timestamp until = plus(time_, reach_->live);
  for (std::uint32_t k = 0; k < lanes_.size(); ++k) {
    Lane& lane = lanes_[k];
    const auto first = lane.first_real(minus(time_, 1), until);
    const auto at = first ? lane.real_from(*first + 1, until) : std::nullopt;
    if (!at || !may_follow({k, *at}) || (second && lane.time(*at) == until)) continue;
    second = Step{k, *at};
    until = lane.time(*at);
  }
  return second;
}

/// `next`, or instead of it a step that leads to the lane that speaks last before a hole that all
/// share. A window that begins inside that lane's last two samples has two of the answer's only if
/// they are in it.
Step Course::before_hole(Step next) {
  if (lanes_[next.lane].coarse() > 0 || lanes_[last_.lane].coarse() > 0) return next;
  Course then = *this;
  then.take(next);
  const Timestamp far = plus(time_, reach_->horizon);
  if (then.hole_follows(far)) {
    const auto end = then.last_near();
    return end && may_follow(*end) ? *end : next;
  }
  auto end = then.own_next();
  if (!end) end = then.nearest(*reach_);
  if (!end || lanes_[end->lane].coarse() > 0) return next;
  then.take(*end);
  if (!then.hole_follows(far)) return next;
  if (const auto later = then.last_near()) end = later;
  if (end->lane == next.lane) return next;
  Lane& lane = lanes_[end->lane];
  const Timestamp until = std::min(plus(time_, reach_->live), minus(lane.time(end->at), 1));
  const auto at = lane.last_real(lanes_[next.lane].time(next.at), until);
  return at && may_follow({end->lane, *at}) ? Step{end->lane, *at} : next;
}

/// True where nobody goes on within 3/2 S, but for what is too near, and that is a hole.
bool Course::hole_follows(Timestamp until) {
  const Timestamp fades = plus(time_, reach_->live);
  if (lanes_[last_.lane].real_from(last_.at + 1, fades)) return false;
  for (Lane& lane : lanes_) {
    if (lane.first_real(plus(time_, reach_->near), fades)) return false;
  }
  return is_hole(fades, until);
}

/// The latest sample that is too near to follow the last step.
std::optional<Step> Course::last_near() {
  std::optional<Step> best;
  Timestamp latest = time_;
  for (std::uint32_t k = 0; k < lanes_.size(); ++k) {
    const auto at = lanes_[k].last_real(latest, plus(time_, reach_->near));
    if (!at) continue;
    best = Step{k, *at};
    latest = lanes_[k].time(*at);
  }
  return best;
}

bool Course::shrink_hole() {
  const Reach reach = reach_here();
  const Timestamp fades = plus(time_, reach.live);
  if (!speaks_in(fades, plus(time_, reach_->horizon))) return false;
  std::optional<Step> best;
  Timestamp latest = plus(time_, reach_->near);
  for (std::uint32_t k = 0; k < lanes_.size(); ++k) {
    const auto at = lanes_[k].last_real(latest, plus(time_, reach.apart));
    if (!at) continue;
    best = Step{k, *at};
    latest = lanes_[k].time(*at);
  }
  if (best) take(*best);
  return best.has_value();
}

bool Course::live_at(Timestamp t) {
  return std::any_of(lanes_.begin(), lanes_.end(),
                     [&](Lane& lane) { return lane.live(t, reach_->live_in(lane)); });
}

bool Course::cross_hole() {
  const auto speaker = first_to_speak();
  const Timestamp until = speaker ? lanes_[speaker->lane].time(speaker->at) : last_time;
  const auto marker = stale() ? std::nullopt : stale_marker_until(until);
  if (!marker && !speaker) return false;
  take(marker ? *marker : finer_soon(*speaker));
  return true;
}

/// `first`, or instead of a coarse lane that was live since the last step the finest one within
/// S/4: nearer ones are never both taken, and what the coarse one says next comes long after.
Step Course::finer_soon(Step first) {
  const Timestamp t = lanes_[first.lane].time(first.at);
  const Span own = lanes_[first.lane].coarse();
  if (own == 0 || !begun_ || stale() || distance(time_, t) > Reach(own, 0).live) return first;
  Step best = first;
  for (std::uint32_t k = 0; k < lanes_.size(); ++k) {
    const Span than = lanes_[best.lane].coarse();
    if (lanes_[k].coarse() >= than - than / 4) continue;
    if (const auto at = lanes_[k].first_real(t, plus(t, reach_->near))) best = {k, *at};
  }
  return best;
}

std::optional<Step> Course::first_to_speak() {
  // After a real sample, what comes within S/2 was passed over: it is too near.
  const Timestamp after = begun_ && !stale() ? plus(time_, reach_here().apart) : time_;
  std::optional<Step> first;
  for (std::uint32_t k = 0; k < lanes_.size(); ++k) {
    const Timestamp until = first ? lanes_[first->lane].time(first->at) : last_time;
    const auto at = lanes_[k].first_real(after, until);
    if (at && (!first || lanes_[k].time(*at) < until)) first = Step{k, *at};
  }
  return first;
}

bool Course::ends_something(std::uint32_t k, std::uint32_t at) {
  Lane& lane = lanes_[k];
  if (at == 0 || lane.ready_until(at - 1) == at - 1) return false;
  return !lane.stale(at - 1) && distance(lane.time(at - 1), lane.time(at)) <= reach_->heard;
}

std::optional<Step> Course::stale_marker_until(Timestamp until) {
  std::optional<Step> best;
  for (std::uint32_t k = 0; k < lanes_.size(); ++k) {
    auto at = lanes_[k].first_stale(time_, until);
    while (at && (!ends_something(k, *at) || live_at(lanes_[k].time(*at)))) {
      at = lanes_[k].first_stale(lanes_[k].time(*at), until);
    }
    if (!at || (best && lanes_[k].time(*at) >= until)) continue;
    best = Step{k, *at};
    until = lanes_[k].time(*at);
  }
  return best;
}

}  // namespace prombraid::merge
