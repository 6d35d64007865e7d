#include "chunk/still_chunk.h"

#include <utility>

#include "chunk/float_encoder.h"
#include "chunk/known_start.h"
#include "chunk/look.h"

namespace prombraid::chunk {

StillChunk::StillChunk(std::span<const Timestamp> times, const StepCode* codes) : times_(times) {
  FloatEncoder encoder;
  for (const Timestamp t : times) encoder.append(t, 0);
  bytes_ = std::move(encoder.finish().bytes);
  const StartCode start(times);
  value_at_ = sizeof(std::uint16_t) + start.first_bytes;
  std::size_t end = (value_at_ + sizeof(DoubleBits)) * 8;
  ends_.push_back(static_cast<std::uint32_t>(end));
  for (std::size_t i = 1; i < times.size(); ++i) {
    end += 1 + (i == 1 ? start.second_bytes * 8 : coded_length(codes[i]));
    ends_.push_back(static_cast<std::uint32_t>(end));
  }
}

bool StillChunk::is(std::string_view data) const {
  const std::string_view all(bytes_.data(), bytes_.size());
  const std::size_t behind = value_at_ + sizeof(DoubleBits);
  return data.size() == all.size() && data.substr(behind) == all.substr(behind) &&
         data.substr(0, value_at_) == all.substr(0, value_at_) &&
         !is_stale(load(data.data() + value_at_));
}

XorState StillChunk::after(std::size_t i, std::string_view data) const {
  const auto step =
      static_cast<std::uint64_t>(times_[i]) - static_cast<std::uint64_t>(times_[i - 1]);
  XorState state;
  state.at = ends_[i];
  state.t = times_[i];
  state.delta = step;
  state.v = load(data.data() + value_at_);
  return state;
}

}  // namespace prombraid::chunk
