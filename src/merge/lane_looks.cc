#include <algorithm>

#include "merge/lane.h"

namespace prombraid::merge {
namespace {

/// The first of `count` rising times that is later than `t`, of which there is one. Samples come
/// evenly, most of them: a division finds it with fewer wrong turns than a search by halves.
std::uint32_t first_after(Timestamp t, const Timestamp* times, std::uint32_t count) {
  if (t < times[0]) return 0;
  const Span whole = distance(times[0], times[count - 1]);
  const auto guess = static_cast<std::uint32_t>(distance(times[0], t) / (whole / count + 1));
  constexpr std::uint32_t near = 4;
  const std::uint32_t begin = guess > near ? std::min(guess, count - 1) - near : 0;
  const std::uint32_t end = std::min(guess + near, count);
  if (times[begin] > t || times[end - 1] <= t) {
    return static_cast<std::uint32_t>(std::upper_bound(times, times + count, t) - times);
  }
  std::uint32_t i = begin;
  while (times[i] <= t) ++i;
  return i;
}

}  // namespace

std::uint32_t Lane::ready_until(std::uint32_t i) {
  if (i >= size()) return i;
  Head& head = heads_[head_of(i)];
  return decode(head) ? head.first + head.count : i;
}

std::uint32_t Lane::after(Timestamp t) {
  if (size() == 0) return 0;
  if (at_head_ >= heads_.size()) at_head_ = 0;
  if (!(at_head_ == 0 || heads_[at_head_ - 1].max_time <= t) || heads_[at_head_].max_time <= t) {
    const auto head = std::upper_bound(heads_.begin(), heads_.end(), t,
                                       [](Timestamp at, const Head& h) { return at < h.max_time; });
    if (head == heads_.end()) return size_;
    at_head_ = static_cast<std::size_t>(head - heads_.begin());
  }
  Head& head = heads_[at_head_];
  if (t < head.min_time) {
    times_[head.first] = head.min_time;
    return head.first;
  }
  if (!decode(head)) return 0;
  return head.first + first_after(t, times_.get() + head.first, head.count);
}

bool Lane::speaks_in(Timestamp after_time, Timestamp until) {
  if (size() == 0 || heads_.back().max_time <= after_time) return false;
  const auto head = std::upper_bound(heads_.begin(), heads_.end(), after_time,
                                     [](Timestamp t, const Head& h) { return t < h.max_time; });
  if (head->min_time > after_time) return head->min_time <= until;
  if (head->max_time <= until) return true;
  const std::uint32_t next = after(after_time);
  return next < size() && times_[next] <= until;
}

void Lane::open_at_ends(TimeRange range) {
  if (size() == 0) return;  // of unruly heads no moment has a place
  for (const Head& head : heads_) {
    times_[head.first] = head.min_time;
    times_[head.first + head.count - 1] = head.max_time;
  }
  if (range.start > first_time) after(range.start - 1);
  after(range.end);
}

std::optional<std::uint32_t> Lane::real_from(std::uint32_t i, Timestamp until) {
  for (; i < size(); ++i) {
    Head& head = heads_[head_of(i)];
    if (head.min_time > until || !decode(head) || times_[i] > until) break;
    if (!stale(i)) return i;
  }
  return {};
}

std::optional<std::uint32_t> Lane::last_real(Timestamp after_time, Timestamp until) {
  const std::uint32_t end = after(until);
  for (std::uint32_t i = std::min(end, size()); i-- > 0;) {
    if (ready_until(i) == i || times_[i] <= after_time) break;
    if (!stale(i)) return i;
  }
  return {};
}

std::optional<std::uint32_t> Lane::first_stale(Timestamp after_time, Timestamp until) {
  for (std::uint32_t i = after(after_time); i < size(); ++i) {
    if (i == heads_[head_of(i)].first && heads_[at_head_].min_time > until) break;
    if (ready_until(i) == i || times_[i] > until) break;
    if (stale(i)) return i;
  }
  return {};
}

bool Lane::live(Timestamp t, Span reach) {
  const std::uint32_t next = after(t);
  if (next == 0 || next > size() || ready_until(next - 1) == next - 1) return false;
  return !stale(next - 1) && distance(times_[next - 1], t) < reach;
}

std::uint32_t Lane::row_end(std::uint32_t i, Span longest, Timestamp until) {
  while (i + 1 < size()) {
    Head& head = heads_[head_of(i + 1)];
    if (head.min_time > until || !decode(head)) break;
    const std::uint32_t end = head.first + head.count;
    const bool even = !head.seen.stale && head.seen.most_step <= longest && head.max_time <= until;
    if (even && distance(times_[i], times_[i + 1]) <= longest) {
      i = end - 1;
      continue;
    }
    while (i + 1 < end && !stale(i + 1) && times_[i + 1] <= until &&
           distance(times_[i], times_[i + 1]) <= longest) {
      ++i;
    }
    if (i + 1 < end) break;
  }
  return i;
}

}  // namespace prombraid::merge
