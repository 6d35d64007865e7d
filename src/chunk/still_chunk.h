/// A chunk of known times whose value never changes: then all of its bytes are known, but for the
/// eight of the value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "chunk/step_code.h"
#include "chunk/xor_walk.h"
#include "series/sample.h"

namespace prombraid::chunk {

/// Idle series are made of these. To compare their bytes takes a twentieth of what a walk takes.
class StillChunk {
 public:
  /// Of two samples or more; `codes` as code_steps gives them. Both must outlive this.
  StillChunk(std::span<const Timestamp> times, const StepCode* codes);

  /// True where `data`, an XOR chunk, has these times and one value that is no stale marker. False
  /// may also be said of such a chunk, if bytes follow that are not needed.
  bool is(std::string_view data) const;

  /// Where each sample ends, in bits.
  std::span<const std::uint32_t> ends() const { return ends_; }
  /// Behind sample `i`, not the first, of `data`, which it is.
  XorState after(std::size_t i, std::string_view data) const;

 private:
  std::span<const Timestamp> times_;
  std::vector<char> bytes_;  ///< with zero for the value
  std::size_t value_at_ = 0;
  std::vector<std::uint32_t> ends_;
};

}  // namespace prombraid::chunk
