/// The walk beside known times (known_times.h) in several chunks at once, by AVX2.
#pragma once

#include <cstddef>
#include <cstdint>

#include "chunk/step_code.h"

namespace prombraid::chunk {

/// Rows are chunks; four are one vector, and vectors take turns, as each waits most of the time for
/// the bits that it looks at.
inline constexpr std::size_t rows_in_vector = 4;
inline constexpr std::size_t most_rows = 16;

/// How the change of a time step is coded, for all rows: the bits on top, how many they are, and 64
/// less that.
using RowCode = std::uint64_t;
/// Of a row that is over: nothing is looked at.
inline constexpr RowCode row_over = 64u << 8 | 64u;
/// Not of a `long_code`: its chunk must be walked alone.
inline RowCode row_code(StepCode code) {
  const unsigned length = step_length(code);
  return step_bits(code) << (64 - length) | length << 8 | (64 - length);
}

/// No sample takes more: 24 bits of time step, 13 of window, 63 of value. `row_over` takes less.
inline constexpr std::size_t most_row_bits = 100;

/// Where each row is: addresses in bits, the 64 bits that began with `11` when its window was told
/// last, and all changes of its value since the walk began.
struct RowPlaces {
  std::uint64_t at[most_rows] = {};
  std::uint64_t window[most_rows] = {};
  std::uint64_t value[most_rows] = {};
};
std::uint64_t row_window(unsigned width, unsigned trailing);
unsigned width_of(std::uint64_t window);
unsigned trailing_of(std::uint64_t window);

/// What the walk has seen in all rows together.
struct RowsSeen {
  bool known = true;      ///< all were coded as told, and every window fits in 64 bits
  unsigned leading = 31;  ///< so many bits on top were in no window
  bool narrow = true;     ///< each sample could be seen at one look, and so all values are right
};

/// The rows of a walk. Sample i of row r is at [i * rows + r] of each array.
struct RowsWalk {
  std::size_t vectors = 0;  ///< rows by four
  /// Of each vector, none more than the one before.
  std::size_t steps[most_rows / rows_in_vector] = {};
  const RowCode* codes = nullptr;
  std::uint64_t* ends = nullptr;     ///< is told where each sample ends, as an address in bits
  std::uint64_t* values = nullptr;   ///< and, where this is not null, the value's changes
  std::uint64_t* windows = nullptr;  ///< with the windows
};

/// True where the processor can do it.
bool can_walk_rows();

/// Takes `places` through all steps. Bytes are read wherever the codes lead, up to `most_row_bits`
/// a step and 8 bytes more: they must be there.
RowsSeen walk_rows(const RowsWalk& walk, RowPlaces& places);

}  // namespace prombraid::chunk
