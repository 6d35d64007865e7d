/// The walk of known_rows.h, for the kind of vectors that the including file names before: the
/// macro PROMBRAID_ROWS_TARGET, the processor's feature that each function needs, and in the
/// namespace of this one
///
///     struct Lanes;                        // unsigned numbers of 64 bits
///     constexpr std::size_t lane_count;
///     using Chosen;                        // some of the lanes
///
/// with the operators + - & | ^ and, by a number for each lane, << and >> (zero from 64 on), and
/// the functions used below. All of them are its own: no two files share code for different
/// processors.
#pragma once

#include <algorithm>

#include "chunk/known_rows.h"

#define PROMBRAID_ROWS_INLINE PROMBRAID_ROWS_TARGET __attribute__((always_inline)) inline

namespace prombraid::chunk {
namespace {

constexpr std::uint64_t ones_before = 0b11 << 5;

/// What is left of the 64 bits of a look that begins anywhere in a byte.
constexpr std::uint64_t one_look = 57;

/// What is collected over all samples.
struct Collected {
  Lanes different;  ///< not zero where a code was another
  Lanes furthest;   ///< the most of leading + width
  Lanes longest;    ///< the most bits that a changed value ended behind the sample's first
  Lanes leading;    ///< the least, with the two ones before it
  Lanes width;      ///< the least; 0 stands for 64 and is not walked here
};

/// Where the rows of one vector are.
struct Rows {
  Lanes at;
  Lanes window;
  Lanes value;  ///< all changes since the walk began
};

PROMBRAID_ROWS_INLINE Rows rows_at(const RowPlaces& places, std::size_t first) {
  return {read(places.at + first), read(places.window + first), read(places.value + first)};
}

PROMBRAID_ROWS_INLINE void keep(const Rows& rows, RowPlaces& places, std::size_t first) {
  put(places.at + first, rows.at);
  put(places.window + first, rows.window);
  put(places.value + first, rows.value);
}

/// The changed bits of values, of which `rest` are the first, at their places.
PROMBRAID_ROWS_INLINE Lanes change(Lanes rest, Lanes width, Lanes leading) {
  const Lanes trailing = all(64 + ones_before) - (leading + width);
  return (rest >> (all(64) - width)) << trailing;
}

/// One sample of each row, without a turn: of a wrong guess the processor would lose more than all
/// this takes.
template <bool with_values>
PROMBRAID_ROWS_INLINE void step(Rows& rows, Lanes code, Collected& seen) {
  const Lanes next = look(rows.at);
  const Lanes length = (code >> all(8)) & all(127);
  seen.different = seen.different | ((next ^ code) >> (code & all(127)));
  const Lanes value = next << length;
  const Chosen changes = top_bit(value);
  const Chosen tells = top_bit(value & (value + value));  // `11`
  rows.window = pick(rows.window, value, tells);
  const Lanes width = (rows.window >> all(51)) & all(63);
  const Lanes leading = rows.window >> all(57);
  const Lanes head = pick(all(2), all(13), tells);
  const Lanes taken = length + pick(all(1), width + head, changes);
  if constexpr (with_values) {
    rows.value = rows.value ^ only(change(value << head, width, leading), changes);
    seen.longest = most(seen.longest, taken, changes);
  }
  rows.at = rows.at + taken;
  seen.leading = least(seen.leading, leading, changes);
  seen.width = least(seen.width, width, changes);
  seen.furthest = most(seen.furthest, leading + width, changes);
}

PROMBRAID_ROWS_TARGET std::uint64_t least_of(Lanes x) {
  std::uint64_t each[lane_count];
  put(each, x);
  return *std::min_element(each, each + lane_count);
}
PROMBRAID_ROWS_TARGET std::uint64_t most_of(Lanes x) {
  std::uint64_t each[lane_count];
  put(each, x);
  return *std::max_element(each, each + lane_count);
}

PROMBRAID_ROWS_TARGET RowsSeen judge(const Collected& seen) {
  const bool as_told = most_of(seen.different) == 0;
  const auto leading = static_cast<unsigned>(least_of(seen.leading) - ones_before);
  const auto furthest = static_cast<unsigned>(most_of(seen.furthest) - ones_before);
  const bool fits = least_of(seen.width) > 0 && furthest <= 64;
  return {as_told && fits, leading, fits ? 64 - furthest : 0, most_of(seen.longest) <= one_look};
}

/// How far a walk has come.
struct Progress {
  std::size_t step = 0;
  std::size_t stop = 0;  ///< the next of the walk's
  Collected seen;
};

/// On to before step `to`, with the first so many vectors, of which the first `valued` keep values.
template <std::size_t vectors, std::size_t valued>
PROMBRAID_ROWS_TARGET void go_on(const RowsWalk& walk, RowPlaces& places, std::size_t to,
                                 Progress& progress) {
  Rows rows[vectors];
  Collected seen = progress.seen;
  for (std::size_t v = 0; v < vectors; ++v) rows[v] = rows_at(places, v * lane_count);
  const std::size_t width = walk.vectors * lane_count;
  const RowCode* code = walk.codes + progress.step * width;
  while (progress.step < to) {
    const bool stops = progress.stop < walk.stops.size() && walk.stops[progress.stop] <= to;
    const std::size_t until = stops ? walk.stops[progress.stop] : to;
    for (; progress.step < until; ++progress.step, code += width) {
#pragma GCC unroll 4
      for (std::size_t v = 0; v < valued; ++v) {
        step<true>(rows[v], read(code + v * lane_count), seen);
      }
#pragma GCC unroll 4
      for (std::size_t v = valued; v < vectors; ++v) {
        step<false>(rows[v], read(code + v * lane_count), seen);
      }
    }
    if (!stops) break;
    RowPlaces& kept = walk.kept[progress.stop++];
    for (std::size_t v = 0; v < vectors; ++v) keep(rows[v], kept, v * lane_count);
  }
  for (std::size_t v = 0; v < vectors; ++v) keep(rows[v], places, v * lane_count);
  progress.seen = seen;
}

using GoOn = void (*)(const RowsWalk&, RowPlaces&, std::size_t, Progress&);
constexpr GoOn ways[][most_vectors + 1] = {
    {go_on<1, 0>, go_on<1, 1>},
    {go_on<2, 0>, go_on<2, 1>, go_on<2, 2>},
    {go_on<3, 0>, go_on<3, 1>, go_on<3, 2>, go_on<3, 3>},
    {go_on<4, 0>, go_on<4, 1>, go_on<4, 2>, go_on<4, 3>, go_on<4, 4>}};

/// Vectors fall out as they are over; the values are kept up no longer than they are asked for.
PROMBRAID_ROWS_TARGET RowsSeen walk_rows(const RowsWalk& walk, RowPlaces& places) {
  const Collected nothing{all(0), all(ones_before + 32), all(0), all(ones_before + 31), all(63)};
  Progress progress{0, 0, nothing};
  for (std::size_t vectors = walk.vectors; vectors > 0; --vectors) {
    const std::size_t to = walk.steps[vectors - 1];
    const std::size_t valued_to = std::min(to, walk.valued_steps);
    const std::size_t valued = std::min(vectors, walk.valued_vectors);
    if (progress.step < valued_to) ways[vectors - 1][valued](walk, places, valued_to, progress);
    if (progress.step < to) ways[vectors - 1][0](walk, places, to, progress);
  }
  return judge(progress.seen);
}

}  // namespace
}  // namespace prombraid::chunk
