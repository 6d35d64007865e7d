#include <algorithm>

#include "merge/lane.h"

namespace prombraid::merge {

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
    if (head.decoded && !repeats(head, strand.chunks[head.chunk])) return false;
  }
  strand_ = &strand;
  return true;
}

bool Lane::repeats(Head& head, const Chunk& chunk) {
  if (head.seen.stale || !chunk::times_can_be_known(chunk.encoding)) return false;
  const std::span times(&times_[head.first], head.count);
  if (!head.coded) chunk::code_steps(times, &codes_[head.first]);
  head.coded = true;
  chunk::CutPlace* const cut = head.cut < 0 ? nullptr : &cuts_[static_cast<std::size_t>(head.cut)];
  return chunk::has_times(chunk, times, &codes_[head.first], &ends_[head.first], cut);
}

void Lane::look_out(std::uint32_t chunk, std::uint32_t first) {
  if (!sorted_.empty()) return;
  const auto head =
      std::find_if(heads_.begin(), heads_.end(), [&](const Head& h) { return h.chunk == chunk; });
  if (head == heads_.end() || !head->decoded || head->cut >= 0) return;
  head->cut = static_cast<std::int32_t>(cuts_.size());
  cuts_.push_back({first, {}, {}});
}

const chunk::CutPlace* Lane::place(std::uint32_t chunk, std::uint32_t first) const {
  for (const Head& head : heads_) {
    if (head.chunk != chunk || head.cut < 0) continue;
    const chunk::CutPlace& cut = cuts_[static_cast<std::size_t>(head.cut)];
    return cut.first == first ? &cut : nullptr;
  }
  return nullptr;
}

}  // namespace prombraid::merge
