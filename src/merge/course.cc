#include "merge/course.h"

#include <algorithm>

#include "merge/plan.h"

namespace prombraid::merge {

bool Course::advance() {
  if (!begun_) return start(false) || start(true) || cross_hole();
  if (stale()) return cross_hole();
  return follow() || change() || shrink_hole() || cross_hole();
}

bool Course::start(bool coarse) {
  for (std::uint32_t k = 0; k < lanes_.size(); ++k) {
    if (coarse != (lanes_[k].coarse() > 0)) continue;
    if (const auto at = lanes_[k].first_real(time_, plus(time_, reach_->live))) {
      take({k, *at});
      return true;
    }
  }
  return false;
}

bool Course::follow() {
  if (const Span own = lanes_[last_.lane].coarse(); own > 0) return follow_coarse(own);
  const auto next = own_next();
  if (next) take(ahead(*next));
  return next.has_value();
}

/// `next`, or another step where the lane that was followed fails soon.
Step Course::ahead(Step next) {
  if (lanes_[last_.lane].coarse() > 0 || !fails_soon()) return next;
  const auto second = second_after_hole();
  const Timestamp until = second ? lanes_[second->lane].time(second->at) : last_time;
  if (const auto planned = best_way_on(lanes_, *reach_, last_, until)) return *planned;
  return before_hole(second && lanes_[next.lane].time(next.at) > until ? *second : next);
}

/// True where the lane that was followed does not go on by rule 1 for 7/2 S, and some lane goes on
/// behind its last sample: else that may be the end of what is known.
bool Course::fails_soon() {
  Lane& lane = lanes_[last_.lane];
  const Timestamp far = plus(time_, reach_->foresight);
  const Timestamp end = lane.time(lane.row_end(last_.at, reach_->next, plus(far, reach_->next)));
  const Timestamp silent = plus(end, reach_->next);
  return end <= far && is_hole(silent, plus(time_, reach_->horizon));
}

std::optional<Step> Course::own_next() {
  const auto at = lanes_[last_.lane].real_from(last_.at + 1, plus(time_, reach_->next));
  if (!at) return {};
  return Step{last_.lane, *at};
}

/// True where `step` keeps the distances of rule 2.
bool Course::may_follow(Step step) const {
  const Span gap = distance(time_, lanes_[step.lane].time(step.at));
  return gap <= reach_->live && (step.lane == last_.lane || gap > reach_->apart);
}

bool Course::follow_coarse(Span own) {
  const Reach reach(own, reach_->heard);
  Lane& lane = lanes_[last_.lane];
  const auto next = lane.real_from(last_.at + 1, plus(time_, reach.next));
  const auto finer = finer_before(own, next ? lane.time(*next) : plus(time_, reach.live));
  if (finer) take(best_way_on(lanes_, *reach_, last_).value_or(*finer));
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
  Lane& lane = lanes_[last_.lane];
  const Span foresight = reach_->foresight;
  const std::uint32_t end =
      lane.row_end(last_.at, reach_->next, plus(plus(until, foresight), reach_->next));
  // From the first moment on that is 7/2 S before the end of the row, or nearer, others may follow.
  const Timestamp last_sure = minus(lane.time(end), foresight);
  if (last_sure <= time_ || time_ >= until) return 0;
  const std::uint32_t at = std::min(lane.after(last_sure - 1), lane.after(until) - 1);
  const std::uint32_t taken = at - last_.at;
  if (taken > 0) take({last_.lane, at});
  return taken;
}

bool Course::change() {
  const auto next = nearest(reach_here());
  if (next) take(ahead(*next));
  return next.has_value();
}

std::optional<Step> Course::nearest(const Reach& reach) {
  const auto best = nearest(reach, false);
  return best ? best : nearest(reach, true);
}

/// Among the lanes that are coarse, or that are not.
std::optional<Step> Course::nearest(const Reach& reach, bool coarse) {
  std::optional<Step> best;
  Span least = 0;
  for (std::uint32_t k = 0; k < lanes_.size(); ++k) {
    if (coarse != (lanes_[k].coarse() > 0)) continue;
    const Timestamp after = k == last_.lane ? time_ : plus(time_, reach.apart);
    const auto at = lanes_[k].first_real(after, plus(time_, reach.live));
    if (!at) continue;
    const Span cost = reach.cost(distance(time_, lanes_[k].time(*at)));
    if (best && cost >= least) continue;
    best = Step{k, *at};
    least = cost;
  }
  return best;
}

void Course::take(Step step) {
  last_ = step;
  time_ = lanes_[step.lane].time(step.at);
  begun_ = true;
}

}  // namespace prombraid::merge
