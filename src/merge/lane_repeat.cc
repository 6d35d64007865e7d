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

bool Lane::list(chunk::KnownChunks& known) {
  if (!codes_) codes_ = std::make_unique_for_overwrite<chunk::StepCode[]>(room_);
  for (Head& head : heads_) {
    if (!head.decoded) continue;
    if (head.seen.stale) return false;
    const std::span<const Timestamp> times(&times_[head.first], head.count);
    chunk::StepCode* const codes = &codes_[head.first];
    chunk::code_steps(times, codes);
    auto* const cut = head.cut < 0 ? nullptr : &cuts_[static_cast<std::size_t>(head.cut)];
    known.add({times, codes, &ends_[head.first], cut, head.asked});
  }
  return true;
}

void Lane::go_over(const Strand& strand, std::vector<const Chunk*>& chunks) {
  strand_ = &strand;
  for (const Head& head : heads_) {
    if (head.decoded) chunks.push_back(&strand.chunks[head.chunk]);
  }
}

void Lane::look_out(std::uint32_t chunk, std::uint32_t first, std::uint32_t count) {
  if (!sorted_.empty()) return;
  const auto head =
      std::find_if(heads_.begin(), heads_.end(), [&](const Head& h) { return h.chunk == chunk; });
  if (head == heads_.end() || !head->decoded) return;
  head->asked.add(first + count - 1);
  if (first == 0 || head->cut >= 0) return;
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
