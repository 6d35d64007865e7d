/// The walk beside known times (known_times.h) in several chunks at once, by AVX2.
#pragma once

#include <cstddef>
#include <cstdint>

#include "chunk/known_times.h"

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
/// Nothing for a code of 68 bits: its chunk must be walked alone.
RowCode row_code(StepCode code);

/// No sample takes more: 24 bits of time step, 13 of window, 63 of value. `row_over` takes less.
inline constexpr std::size_t most_row_bits = 100;

/// Where each row is: addresses in bits, and the 64 bits that began with `11` when its window was
/// told last.
struct RowPlaces {
  std::uint64_t at[most_rows];
  std::uint64_t window[most_rows];
};
std::uint64_t row_window(unsigned width, unsigned trailing);

/// What the walk has seen in all rows together.
struct RowsSeen {
  bool known = false;    ///< all were coded as told, and every window fits in 64 bits
  unsigned leading = 0;  ///< so many bits on top were in no window
};

/// True where the processor can do it.
bool can_walk_rows();

/// Walks `steps` samples of `vectors` vectors of rows, 2 to 4. Sample i of row r has the code
/// codes[i * rows + r] and ends, as an address in bits, at ends[i * rows + r]. Bytes are read
/// wherever the codes lead, up to `most_row_bits` a step and 8 bytes more: they must be there.
RowsSeen walk_rows(std::size_t vectors, const RowPlaces& places, const RowCode* codes,
                   std::size_t steps, std::uint64_t* ends);

}  // namespace prombraid::chunk
