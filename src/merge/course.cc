#include "merge/course.h"

#include <algorithm>

namespace prombraid::merge {
namespace {

/// Half the greatest distance: so that no sum below can overflow.
constexpr Span longest_interval = Span{1} << 62;

}  // namespace

Reach::Reach(Span s, Span epoch)
    : interval(std::min(s, longest_interval)),
      next(interval + interval / 4),
      live(interval + interval / 2),
      apart(interval / 2),
      near(interval / 4),
      heard(epoch) {}

bool Course::advance() {
  if (!begun_) return start() || cross_hole();
  if (stale()) return cross_hole();
  return follow() || change() || shrink_hole() || cross_hole();
}

bool Course::start() {
  for (std::uint32_t k = 0; k < lanes_.size(); ++k) {
    if (const auto at = lanes_[k].first_real(time_, plus(time_, reach_->live))) {
      take({k, *at});
      return true;
    }
  }
  return false;
}

bool Course::follow() {
  if (const Span own = lanes_[last_.lane].coarse(); own > 0) return follow_coarse(own);
  const auto at = lanes_[last_.lane].real_from(last_.at + 1, plus(time_, reach_->next));
  if (at) take({last_.lane, *at});
  return at.has_value();
}

bool Course::follow_coarse(Span own) {
  const Reach reach(own, reach_->heard);
  Lane& lane = lanes_[last_.lane];
  const auto next = lane.real_from(last_.at + 1, plus(time_, reach.next));
  const auto finer = finer_before(own, next ? lane.time(*next) : plus(time_, reach.live));
  if (finer) take(*finer);
  if (!finer && next) take({last_.lane, *next});
  return finer || next;
}

/// The first sample before `end` of a lane that is finer than `own`, S/2 away; a coarse one S/4
/// where there would be a hole.
std::optional<Step> Course::finer_before(Span own, Timestamp end) {
  const auto first = first_finer(own, plus(time_, reach_->apart), end, 0);
  const Timestamp hole = plus(time_, reach_->live);
  if (first && lanes_[first->lane].time(first->at) <= hole) return first;
  const Timestamp near_end = std::min(end, plus(time_, reach_->apart + 1));
  const auto near = first_finer(own, plus(time_, reach_->near), near_end, 1);
  return near ? near : first;
}

/// The first sample in (after, end) of a lane finer than `own` and not finer than `than`.
std::optional<Step> Course::first_finer(Span own, Timestamp after, Timestamp end, Span than) {
  std::optional<Step> first;
  for (std::uint32_t k = 0; k < lanes_.size(); ++k) {
    Lane& lane = lanes_[k];
    if (lane.coarse() >= own - own / 4 || lane.coarse() < than) continue;
    const auto at = lane.first_real(after, minus(end, 1));
    if (!at) continue;
    first = Step{k, *at};
    end = lane.time(*at);
  }
  return first;
}

/// The distances that hold after the last step.
Reach Course::reach_here() const {
  const Span own = begun_ ? lanes_[last_.lane].coarse() : 0;
  return own > 0 ? Reach(own, reach_->heard) : *reach_;
}

std::uint32_t Course::run_on(Timestamp until) {
  if (!begun_ || stale() || lanes_[last_.lane].coarse() > 0) return 0;
  const std::uint32_t at = lanes_[last_.lane].row_end(last_.at, reach_->next, until);
  const std::uint32_t taken = at - last_.at;
  if (taken > 0) take({last_.lane, at});
  return taken;
}

bool Course::change() {
  const Reach reach = reach_here();
  std::optional<Step> best;
  Span least = 0;
  for (std::uint32_t k = 0; k < lanes_.size(); ++k) {
    const Timestamp after = k == last_.lane ? time_ : plus(time_, reach.apart);
    const auto at = lanes_[k].first_real(after, plus(time_, reach.live));
    if (!at) continue;
    const Span cost = reach.cost(distance(time_, lanes_[k].time(*at)));
    if (best && cost >= least) continue;
    best = Step{k, *at};
    least = cost;
  }
  if (best) take(*best);
  return best.has_value();
}

bool Course::shrink_hole() {
  const Reach reach = reach_here();
  const Timestamp fades = plus(time_, reach.live);
  const auto goes_on = [&](Lane& lane) { return lane.after(fades) < lane.size(); };
  if (std::none_of(lanes_.begin(), lanes_.end(), goes_on)) return false;
  std::optional<Step> best;
  Timestamp latest = plus(time_, reach.near);
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
  take(marker ? *marker : *speaker);
  return true;
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

void Course::take(Step step) {
  last_ = step;
  time_ = lanes_[step.lane].time(step.at);
  begun_ = true;
}

}  // namespace prombraid::merge
