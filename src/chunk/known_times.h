/// A chunk whose times are thought to be known: those of another series of the same target.
#pragma once

#include <cstdint>
#include <span>

#include "chunk/cut_place.h"
#include "chunk/decode_times.h"
#include "chunk/step_code.h"

namespace prombraid::chunk {

/// Writes the codes of all samples but the first two, whose times are coded as they are, to the
/// places from 2 on. `times` and `codes` are equally long.
void code_steps(std::span<const Timestamp> times, StepCode* codes);

/// True for the encodings that has_times reads: the XOR code, as 0 or as 1.
inline bool times_can_be_known(Encoding encoding) {
  return encoding == Encoding::xor_float || encoding == Encoding::unknown;
}

/// True where `chunk`, of such an encoding, has exactly `times`, one of them at
/// least, whose codes are given, and where no value can be a stale marker. Then `ends` holds what
/// decode_times would have put there; else nothing of use. False may also be said of what decodes
/// to these times but is coded in an unusual way: then it must be decoded.
///
/// Where a `cut` is given whose `first` is one of the samples but not sample 0, it is filled: on
/// the way there values are kept up, a third more than a walk without, so that who cuts the chunk
/// there has not to walk it again, which is twice as much.
///
/// An eighth cheaper than decode_times: a new time step, a tenth of all samples of some replicas,
/// is no surprise. And whoever knows the times again need not decide by them again.
bool has_times(const Chunk& chunk, std::span<const Timestamp> times, const StepCode* codes,
               std::uint32_t* ends, CutPlace* cut = nullptr);

}  // namespace prombraid::chunk
