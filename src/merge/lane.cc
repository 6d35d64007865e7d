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
  cuts_.clear();
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
  heads_.push_back({chunk.min_time, chunk.max_time, size_, *count, number, false, -1, {}, {}});
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
  heads_.push_back({times_[0], times_[size_ - 1], 0, size_, 0, true, -1, {}, look_over(0, size_)});
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

std::size_t Lane::find_head(std::uint32_t i) const {
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

}  // namespace prombraid::merge
