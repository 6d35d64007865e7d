/// The walk beside known times (known_times.h) in several chunks at once, by vectors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "chunk/step_code.h"

namespace prombraid::chunk {

/// Rows are chunks; as many as are in one vector go side by side, and vectors take turns, as each
/// waits most of the time for the bits that it looks at.
inline constexpr std::size_t most_vectors = 4;
inline constexpr std::size_t most_rows = 32;

/// How the change of a time step is coded, for all rows: the bits on top, how many they are, and 64
/// less that.
using RowCode = std::uint64_t;
/// Of a row that is over: nothing is looked at, but it goes on by 65 bits.
inline constexpr RowCode row_over = 64u << 8 | 64u;
/// Not of a `long_code`: its chunk must be walked alone.
inline RowCode row_code(StepCode code) {
  const unsigned length = step_length(code);
  return step_bits(code) << (64 - length) | length << 8 | (64 - length);
}

/// No sample takes more: 24 bits of time step, 13 of window, 63 of value. `row_over` takes less.
inline constexpr std::size_t most_row_bits = 100;

/// Where each row is: addresses in bits, the 64 bits that began with `11` when its window was told
/// last (row_window before that), and all changes of its value since the walk began.
struct RowPlaces {
  std::uint64_t at[most_rows] = {};
  std::uint64_t window[most_rows] = {};
  std::uint64_t value[most_rows] = {};
};
/// One of 64 bits is what every reader begins with: a walk that comes to use it is not known.
std::uint64_t row_window(unsigned width, unsigned trailing);
unsigned width_of(std::uint64_t window);
unsigned trailing_of(std::uint64_t window);

/// What the walk has seen in all rows together.
struct RowsSeen {
  bool known = true;  ///< all were coded as told, and every window used was told and fits 64 bits
  /// So many bits on top, and below, were in no window that was used.
  unsigned leading = 0;
  unsigned trailing = 0;
  bool narrow = true;  ///< each valued sample could be seen at one look: the values are right
};

/// The rows of a walk: so many vectors of them.
struct RowsWalk {
  std::size_t vectors = 0;
  /// How many each vector takes, none more than the one before.
  std::size_t steps[most_vectors] = {};
  /// Of step i and row r at [i * rows + r].
  const RowCode* codes = nullptr;
  /// After so many steps the places are kept, ascending: the first at `kept[0]` and so on. Of a
  /// vector that is over nothing is put there.
  std::span<const std::uint32_t> stops;
  RowPlaces* kept = nullptr;
  /// For so many of the first steps, and in so many of the first vectors, values are kept up, which
  /// takes a third more.
  std::size_t valued_steps = 0;
  std::size_t valued_vectors = 0;
};

/// One way to walk, by one kind of vectors.
struct RowWalker {
  const char* name;
  std::size_t rows_in_vector;

  /// Takes `places` through all steps. Bytes are read wherever the codes lead, up to
  /// `most_row_bits` a step and 8 bytes more: they must be there.
  RowsSeen (*walk)(const RowsWalk& walk, RowPlaces& places);
};

/// Those that this processor can, the best first. Elsewhere than on x86-64 there is none.
std::span<const RowWalker> row_walkers();
/// Null where there is none.
inline const RowWalker* best_row_walker() {
  return row_walkers().empty() ? nullptr : &row_walkers().front();
}

#if defined(__x86_64__)
extern const RowWalker avx2_rows;
extern const RowWalker avx512_rows;
#endif

}  // namespace prombraid::chunk
