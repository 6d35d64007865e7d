#include "merge/lane.h"

#include <algorithm>
#include <functional>
#include <string>
#include <tuple>

#include "chunk/decode_times.h"

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

/// True where what was decoded is what the head says, and its times rise.
bool as_told(std::span<const Timestamp> times, Timestamp min_time, Timestamp max_time) {
  if (times.front() != min_time || times.back() != max_time) return false;
  bool rises = true;
  // No early end: so the compiler compares many at once.
  for (std::size_t i = 1; i < times.size(); ++i) rises &= times[i - 1] < times[i];
  return rises;
}

}  // namespace

void Lane::close() {
  strand_ = nullptr;
  state_ = State::good;
  error_ = {};
  size_ = 0;
  at_head_ = 0;
  heads_.clear();
  times_.clear();
  stale_.clear();
  sorted_.clear();
  chunks_decoded_ = 0;
}

void Lane::open(const Strand& strand) {
  close();
  strand_ = &strand;
  for (std::size_t c = 0; c < strand.chunks.size(); ++c) {
    if (!add_head(strand.chunks[c], static_cast<std::uint32_t>(c))) return;
  }
  times_.resize(size_);
  stale_.resize(size_);
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
  heads_.push_back({chunk.min_time, chunk.max_time, size_, *count, number, false});
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
  heads_.push_back({sorted_.front().t, sorted_.back().t, 0, size_, 0, true});
  for (const Moment& moment : sorted_) {
    times_.push_back(moment.t);
    stale_.push_back(moment.stale ? 1 : 0);
  }
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
  const auto done = chunk::times_can_be_read_alone(chunk.encoding)
                        ? chunk::decode_times(chunk, head.count, times_.data() + head.first,
                                              stale_.data() + head.first)
                        : decode_whole(head, chunk);
  if (!done) {
    state_ = State::faulty;
    error_ = Error(done.error()).in("chunk " + std::to_string(head.chunk));
    return false;
  }
  if (!as_told({times_.data() + head.first, head.count}, head.min_time, head.max_time)) {
    state_ = State::unruly;
    return false;
  }
  head.decoded = true;
  return true;
}

/// The same by way of `decoded_`, for chunks whose times can't be read alone.
Result<void> Lane::decode_whole(const Head& head, const Chunk& chunk) {
  if (auto done = chunk::decode(chunk, decoded_); !done) return done;
  if (decoded_.size() != head.count) return Error{ErrorKind::internal, "a chunk changed its count"};
  std::copy(decoded_.times.begin(), decoded_.times.end(), times_.begin() + head.first);
  std::uint8_t* stale = stale_.data() + head.first;
  for (std::uint32_t i = 0; i < head.count; ++i) stale[i] = decoded_.stale(i) ? 1 : 0;
  return {};
}

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
  if (t < head.min_time) return head.first;
  if (!decode(head)) return 0;
  const auto begin = times_.begin() + head.first;
  return static_cast<std::uint32_t>(std::upper_bound(begin, begin + head.count, t) -
                                    times_.begin());
}

std::optional<std::uint32_t> Lane::first_real(Timestamp after_time, Timestamp until) {
  for (std::uint32_t i = after(after_time); i < size(); ++i) {
    if (i == heads_[head_of(i)].first && heads_[at_head_].min_time > until) break;
    if (ready_until(i) == i || times_[i] > until) break;
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

Span Lane::mean_gap() const {
  std::vector<std::pair<Span, std::uint32_t>> gaps;
  std::uint64_t weight = 0;
  for (const Head& head : heads_) {
    if (head.count < 2) continue;
    gaps.emplace_back(distance(head.min_time, head.max_time) / (head.count - 1), head.count - 1);
    weight += head.count - 1;
  }
  std::sort(gaps.begin(), gaps.end());
  std::uint64_t seen = 0;
  for (const auto& [gap, count] : gaps) {
    seen += count;
    if (seen * 2 >= weight) return gap;
  }
  return 0;
}

}  // namespace prombraid::merge
