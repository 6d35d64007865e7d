#include "merge/lane.h"

#include <algorithm>
#include <functional>
#include <string>
#include <tuple>

namespace prombraid::merge {
namespace {

/// The shortest sample takes two bits: no change of the time step, no change of the value.
constexpr std::size_t most_samples_a_byte = 4;

void put_in_order(std::vector<Moment>& moments) {
  const auto not_before = [](const Moment& a, const Moment& b) { return a.t >= b.t; };
  if (std::adjacent_find(moments.begin(), moments.end(), not_before) == moments.end()) return;
  std::sort(moments.begin(), moments.end(), [](const Moment& a, const Moment& b) {
    return std::tie(a.t, a.chunk, a.index) < std::tie(b.t, b.chunk, b.index);
  });
  const auto same_time = [](const Moment& a, const Moment& b) { return a.t == b.t; };
  moments.erase(std::unique(moments.begin(), moments.end(), same_time), moments.end());
}

/// Of steps no longer than this no chunk, of at most 65535 samples, can have so many that their sum
/// passes 63 bits.
constexpr Span longest_safe_step = Span{1} << 47;

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

void Lane::close() {
  strand_ = nullptr;
  state_ = State::good;
  error_ = {};
  size_ = 0;
  coarse_ = 0;
  at_head_ = 0;
  heads_.clear();
  sorted_.clear();
  mean_gap_.reset();
  chunks_decoded_ = 0;
}

void Lane::open(const Strand& strand) {
  close();
  strand_ = &strand;
  for (std::size_t c = 0; c < strand.chunks.size(); ++c) {
    if (!add_head(strand.chunks[c], static_cast<std::uint32_t>(c))) return;
  }
  make_room();
}

void Lane::make_room() {
  if (room_ >= size_) return;
  room_ = size_;
  times_ = std::make_unique_for_overwrite<Timestamp[]>(size_);
  stale_ = std::make_unique_for_overwrite<std::uint8_t[]>(size_);
  ends_ = std::make_unique_for_overwrite<std::uint32_t[]>(size_);
  codes_.reset();
}

bool Lane::resembles(const Strand& strand) const {
  if (state_ != State::good || !sorted_.empty() || strand.chunks.size() != heads_.size()) {
    return false;
  }
  for (std::size_t c = 0; c < heads_.size(); ++c) {
    const Chunk& chunk = strand.chunks[c];
    const Head& head = heads_[c];
    if (chunk.min_time != head.min_time || chunk.max_time != head.max_time) return false;
    const auto count = chunk::sample_count(chunk);
    if (!count || *count != head.count) return false;
  }
  return true;
}

bool Lane::repeat(const Strand& strand) {
  if (!codes_) codes_ = std::make_unique_for_overwrite<chunk::StepCode[]>(room_);
  for (Head& head : heads_) {
    if (head.looked > 0 && !repeats(head, strand.chunks[head.chunk])) return false;
  }
  strand_ = &strand;
  return true;
}

bool Lane::repeats(Head& head, const Chunk& chunk) {
  if (head.seen.stale || !chunk::times_can_be_known(chunk.encoding)) return false;
  const std::span times(&times_[head.first], head.looked);
  if (!head.coded) chunk::code_steps({&times_[head.first], head.count}, &codes_[head.first]);
  head.coded = true;
  return chunk::has_times(chunk, times, &codes_[head.first], &ends_[head.first]);
}

bool Lane::add_head(const Chunk& chunk, std::uint32_t number) {
  auto count = chunk::sample_count(chunk);
  if (!count) {
    state_ = State::faulty;
    error_ = std::move(count).error().in("chunk " + std::to_string(number));
    return false;
  }
  if (*count == 0) return true;
  const bool follows = heads_.empty() || heads_.back().max_time < chunk.min_time;
  const bool spans =
      *count == 1 ? chunk.min_time == chunk.max_time : chunk.min_time < chunk.max_time;
  if (!follows || !spans || *count > chunk.data.size() * most_samples_a_byte ||
      size_ + *count < size_) {
    state_ = State::unruly;
    return false;
  }
  heads_.push_back({chunk.min_time, chunk.max_time, size_, *count, number, false, false, 0, {}});
  size_ += *count;
  return true;
}

void Lane::repair(const Strand& strand) {
  close();
  strand_ = &strand;
  std::vector<Moment> moments;
  for (std::size_t c = 0; c < strand.chunks.size(); ++c) {
    if (auto done = chunk::decode(strand.chunks[c], decoded_); !done) {
      state_ = State::faulty;
      error_ = std::move(done).error().in("chunk " + std::to_string(c));
      return;
    }
    ++chunks_decoded_;
    for (std::size_t i = 0; i < decoded_.size(); ++i) {
      moments.push_back({decoded_.times[i], decoded_.stale(i), static_cast<std::uint32_t>(c),
                         static_cast<std::uint32_t>(i)});
    }
  }
  put_in_order(moments);
  const std::size_t decoded = chunks_decoded_;
  open(moments);
  chunks_decoded_ = decoded;
}

void Lane::open(std::span<const Moment> moments) {
  close();
  sorted_.assign(moments.begin(), moments.end());
  if (sorted_.empty()) return;
  size_ = static_cast<std::uint32_t>(sorted_.size());
  make_room();
  for (std::uint32_t i = 0; i < size_; ++i) {
    times_[i] = sorted_[i].t;
    stale_[i] = sorted_[i].stale ? 1 : 0;
  }
  heads_.push_back(
      {times_[0], times_[size_ - 1], 0, size_, 0, true, false, size_, look_over(0, size_)});
}

Moment Lane::moment(std::uint32_t i) const {
  if (!sorted_.empty()) return sorted_[i];
  const Head& head = heads_[head_of(i)];
  return {times_[i], stale(i), head.chunk, i - head.first};
}

std::uint32_t Lane::together(std::uint32_t i) const {
  if (sorted_.empty()) {
    const Head& head = heads_[head_of(i)];
    return head.first + head.count - i;
  }
  std::uint32_t end = i + 1;
  while (end < size_ && sorted_[end].chunk == sorted_[i].chunk &&
         sorted_[end].index == sorted_[i].index + (end - i)) {
    ++end;
  }
  return end - i;
}

std::size_t Lane::head_of(std::uint32_t i) const {
  const Head& near = heads_[at_head_];
  if (near.first <= i && i - near.first < near.count) return at_head_;
  const auto beyond =
      std::upper_bound(heads_.begin(), heads_.end(), i,
                       [](std::uint32_t at, const Head& h) { return at < h.first; });
  at_head_ = static_cast<std::size_t>(beyond - heads_.begin()) - 1;
  return at_head_;
}

bool Lane::decode(Head& head) {
  if (head.decoded) return true;
  if (state_ != State::good) return false;
  ++chunks_decoded_;
  const Chunk& chunk = strand_->chunks[head.chunk];
  const std::uint32_t at = head.first;
  const auto seen =
      chunk::times_can_be_read_alone(chunk.encoding)
          ? chunk::decode_times(chunk, head.count, {&times_[at], &stale_[at], &ends_[at]})
          : decode_whole(head, chunk);
  if (!seen) {
    state_ = State::faulty;
    error_ = Error(seen.error()).in("chunk " + std::to_string(head.chunk));
    return false;
  }
  if (!as_told(head, *seen)) {
    state_ = State::unruly;
    return false;
  }
  head.seen = *seen;
  head.decoded = true;
  return true;
}

/// The same by way of `decoded_`, for chunks whose times can't be read alone.
Result<chunk::TimesSeen> Lane::decode_whole(const Head& head, const Chunk& chunk) {
  if (auto done = chunk::decode(chunk, decoded_); !done) return std::move(done).error();
  if (decoded_.size() != head.count) return Error{ErrorKind::internal, "a chunk changed its count"};
  std::copy(decoded_.times.begin(), decoded_.times.end(), times_.get() + head.first);
  std::fill_n(ends_.get() + head.first, head.count, 0u);
  std::uint8_t* stale = stale_.get() + head.first;
  for (std::uint32_t i = 0; i < head.count; ++i) stale[i] = decoded_.stale(i) ? 1 : 0;
  return look_over(head.first, head.count);
}

chunk::TimesSeen Lane::look_over(std::uint32_t first, std::uint32_t count) const {
  chunk::TimesSeen seen;
  for (std::uint32_t i = first; i < first + count; ++i) {
    seen.stale |= stale(i);
    if (i == first) continue;
    // Backwards is a step too: a very long one.
    const Span step = distance(times_[i - 1], times_[i]);
    seen.least_step = std::min(seen.least_step, step);
    seen.most_step = std::max(seen.most_step, step);
  }
  return seen;
}

/// True where what was decoded is what the head says, and its times rise.
bool Lane::as_told(const Head& head, const chunk::TimesSeen& seen) const {
  const Timestamp* begin = times_.get() + head.first;
  const Timestamp* end = begin + head.count;
  if (*begin != head.min_time || *(end - 1) != head.max_time) return false;
  if (seen.least_step > 0 && seen.most_step <= longest_safe_step) return true;
  const auto not_before = [](Timestamp a, Timestamp b) { return a >= b; };
  return std::adjacent_find(begin, end, not_before) == end;
}

std::uint32_t Lane::ready_until(std::uint32_t i) {
  if (i >= size()) return i;
  Head& head = heads_[head_of(i)];
  if (!decode(head)) return i;
  head.looked = head.count;
  return head.first + head.count;
}

/// What comes behind the moment does not matter by this look.
void Lane::look_to(Head& head, std::uint32_t i) {
  head.looked = std::max(head.looked, i - head.first + 1);
}

/// Decodes moment `i`.
bool Lane::look_at(std::uint32_t i) {
  Head& head = heads_[head_of(i)];
  if (!decode(head)) return false;
  look_to(head, i);
  return true;
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
  const std::uint32_t found = head.first + first_after(t, times_.get() + head.first, head.count);
  look_to(head, found);
  return found;
}

void Lane::open_at_ends(TimeRange range) {
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
    if (head.min_time > until || !decode(head)) break;
    look_to(head, i);
    if (times_[i] > until) break;
    if (!stale(i)) return i;
  }
  return {};
}

std::optional<std::uint32_t> Lane::last_real(Timestamp after_time, Timestamp until) {
  const std::uint32_t end = after(until);
  for (std::uint32_t i = std::min(end, size()); i-- > 0;) {
    if (!look_at(i) || times_[i] <= after_time) break;
    if (!stale(i)) return i;
  }
  return {};
}

std::optional<std::uint32_t> Lane::first_stale(Timestamp after_time, Timestamp until) {
  for (std::uint32_t i = after(after_time); i < size(); ++i) {
    if (i == heads_[head_of(i)].first && heads_[at_head_].min_time > until) break;
    if (!look_at(i) || times_[i] > until) break;
    if (stale(i)) return i;
  }
  return {};
}

bool Lane::live(Timestamp t, Span reach) {
  const std::uint32_t next = after(t);
  if (next == 0 || next > size() || !look_at(next - 1)) return false;
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
      look_to(head, i);
      continue;
    }
    while (i + 1 < end && !stale(i + 1) && times_[i + 1] <= until &&
           distance(times_[i], times_[i + 1]) <= longest) {
      ++i;
    }
    look_to(head, std::min(i + 1, end - 1));
    if (i + 1 < end) break;
  }
  return i;
}

Span Lane::mean_gap() {
  if (mean_gap_) return *mean_gap_;
  gaps_.clear();
  std::uint64_t weight = 0;
  for (const Head& head : heads_) {
    if (head.count < 2) continue;
    gaps_.emplace_back(distance(head.min_time, head.max_time) / (head.count - 1), head.count - 1);
    weight += head.count - 1;
  }
  std::sort(gaps_.begin(), gaps_.end());
  std::uint64_t seen = 0;
  mean_gap_ = 0;
  for (const auto& [gap, count] : gaps_) {
    seen += count;
    if (seen * 2 < weight) continue;
    mean_gap_ = gap;
    break;
  }
  return *mean_gap_;
}

std::uint32_t Lane::gaps_of(Span least, Span width) const {
  const auto fits = [&](Span gap) { return gap - least < width; };
  std::uint32_t sum = 0;
  for (const Head& head : heads_) {
    const std::uint32_t first = head.first;
    if (first > 0) sum += fits(distance(times_[first - 1], times_[first])) ? 1 : 0;
    if (head.count == 1) continue;
    if (fits(head.seen.least_step) && fits(head.seen.most_step)) {
      sum += head.count - 1;
      continue;
    }
    for (std::uint32_t i = first + 1; i < first + head.count; ++i) {
      sum += fits(distance(times_[i - 1], times_[i])) ? 1 : 0;
    }
  }
  return sum;
}

}  // namespace prombraid::merge
