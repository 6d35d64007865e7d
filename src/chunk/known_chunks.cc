#include "chunk/known_chunks.h"

#include <algorithm>
#include <cstring>
#include <iterator>

#include "chunk/known_start.h"

namespace prombraid::chunk {
namespace {

/// Longer chunks are walked alone. Prometheus writes 120 samples, in a few hundred bytes.
constexpr std::size_t most_samples = 256;
constexpr std::size_t most_bytes = 2048;

/// A row's bytes, and how far a walk may go astray behind them.
constexpr std::size_t row_room = most_bytes + most_samples * most_row_bits / 8 + 16;

/// A group that was not known together was in vain; the next series will mostly be like it.
constexpr unsigned series_left_out = 15;

/// Fewer rows are as quick one by one.
constexpr std::size_t least_rows = rows_in_vector + 1;

bool fits_in_row(const KnownChunk& known) {
  const std::size_t count = known.times.size();
  if (count < 3 || count > most_samples || known.asked.too_many()) return false;
  return std::find(known.codes + 2, known.codes + count, long_code) == known.codes + count;
}

}  // namespace

void KnownChunks::clear() {
  known_.clear();
  arranged_ = false;
}

void KnownChunks::add(const KnownChunk& chunk) {
  known_.push_back(chunk);
  arranged_ = false;
}

/// The longest first: a row that is over waits for the others of its vector.
void KnownChunks::arrange() {
  arranged_ = true;
  alone_.clear();
  groups_.clear();
  std::vector<std::size_t> together;
  for (std::size_t i = 0; i < known_.size(); ++i) {
    (can_walk_rows() && fits_in_row(known_[i]) ? together : alone_).push_back(i);
  }
  const auto longer = [&](std::size_t a, std::size_t b) {
    const std::size_t of_a = known_[a].times.size();
    const std::size_t of_b = known_[b].times.size();
    return of_a != of_b ? of_a > of_b : a < b;
  };
  std::sort(together.begin(), together.end(), longer);
  std::span<const std::size_t> left = together;
  while (left.size() >= least_rows) {
    add_group(left.first(std::min(left.size(), most_rows)));
    left = left.subspan(groups_.back().rows.size());
  }
  alone_.insert(alone_.end(), left.begin(), left.end());
}

void KnownChunks::add_group(std::span<const std::size_t> rows) {
  Group& group = groups_.emplace_back();
  group.rows.assign(rows.begin(), rows.end());
  group.vectors = (rows.size() + rows_in_vector - 1) / rows_in_vector;
  for (std::size_t v = 0; v < group.vectors; ++v) {
    group.steps[v] = known_[rows[v * rows_in_vector]].times.size() - 2;
  }
  const std::size_t width = group.vectors * rows_in_vector;
  group.codes.assign(group.steps[0] * width, row_over);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const KnownChunk& known = known_[rows[r]];
    group.cut = group.cut || known.cut != nullptr;
    for (std::size_t i = 2; i < known.times.size(); ++i) {
      group.codes[(i - 2) * width + r] = row_code(known.codes[i]);
    }
  }
  make_room(group);
}

/// Of the rows' bytes only what is used is ever touched.
void KnownChunks::make_room(const Group& group) {
  for (auto* passed : {&ends_, &values_, &windows_}) {
    const bool used = passed == &ends_ || group.cut;
    if (used && passed->size() < group.codes.size()) passed->resize(group.codes.size());
  }
  if (!room_) room_ = std::make_unique_for_overwrite<char[]>(most_rows * row_room);
}

bool KnownChunks::has_one(std::size_t i, const Chunk& chunk) const {
  const KnownChunk& known = known_[i];
  return has_times(chunk, known.times, known.codes, known.ends, known.cut);
}

bool KnownChunks::have_times(std::span<const Chunk* const> chunks) {
  const auto has = [&](std::size_t i) { return has_one(i, *chunks[i]); };
  if (alone_at_first_ > 0) {
    --alone_at_first_;
    std::size_t i = 0;
    while (i < chunks.size() && has(i)) ++i;
    return i == chunks.size();
  }
  if (!arranged_) arrange();
  return std::all_of(alone_.begin(), alone_.end(), has) &&
         std::all_of(groups_.begin(), groups_.end(),
                     [&](Group& group) { return has_group(group, chunks); });
}

/// What was walked together without being known may still be so, coded in a way that only a walk
/// alone reads.
bool KnownChunks::has_group(Group& group, std::span<const Chunk* const> chunks) {
  if (group.left_out == 0) {
    if (walk_together(group, chunks)) return true;
    group.left_out = series_left_out;
  } else {
    --group.left_out;
  }
  return std::all_of(group.rows.begin(), group.rows.end(),
                     [&](std::size_t i) { return has_one(i, *chunks[i]); });
}

/// True only where all of the group's chunks have their times.
bool KnownChunks::walk_together(const Group& group, std::span<const Chunk* const> chunks) {
  RowPlaces places;
  if (!place_rows(group, chunks, places)) return false;
  RowsWalk walk;
  walk.vectors = group.vectors;
  std::copy(std::begin(group.steps), std::end(group.steps), walk.steps);
  walk.codes = group.codes.data();
  walk.ends = ends_.data();
  walk.values = group.cut ? values_.data() : nullptr;
  walk.windows = group.cut ? windows_.data() : nullptr;
  const RowsSeen seen = walk_rows(walk, places);
  if (!seen.known || seen.leading == 0) return false;
  for (std::size_t r = 0; r < group.rows.size(); ++r) {
    if (!take_row(group, r, *chunks[group.rows[r]], seen)) return false;
  }
  return true;
}

bool KnownChunks::place_rows(const Group& group, std::span<const Chunk* const> chunks,
                             RowPlaces& places) {
  for (std::size_t r = 0; r < group.vectors * rows_in_vector; ++r) {
    char* const row = room_.get() + r * row_room;
    begins_[r] = {static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(row)) * 8, 0, 0};
    places.at[r] = begins_[r].address;
    places.window[r] = row_window(1, 32);  // of a row that is not there: it does not count
    if (r >= group.rows.size()) continue;
    const KnownChunk& known = known_[group.rows[r]];
    const std::string_view data = chunks[group.rows[r]]->data;
    KnownStart start;
    if (data.size() > most_bytes || !start.read(data, known.times)) return false;
    if (!start.window_told) return false;
    known.ends[0] = start.first_end;
    known.ends[1] = static_cast<std::uint32_t>(start.state.at);
    std::memcpy(row, data.data(), data.size());
    begins_[r].held = start.held;
    begins_[r].v = start.state.v;
    places.at[r] += start.state.at;
    places.window[r] = row_window(start.state.width, start.state.trailing);
  }
  return true;
}

/// What the walk has found of one row. False where it may not have its times after all.
bool KnownChunks::take_row(const Group& group, std::size_t r, const Chunk& chunk,
                           const RowsSeen& seen) {
  const KnownChunk& known = known_[group.rows[r]];
  const std::size_t last = known.times.size() - 1;
  const std::uint64_t in_no_window = ~(~std::uint64_t{0} >> seen.leading);
  if ((begins_[r].held & in_no_window) == 0) return false;
  if (end_of(group, r, last) > chunk.data.size() * 8) return false;
  CutPlace* const cut = known.cut;
  // Of the first two samples, and of values that one look does not show, a walk alone knows more.
  if (cut != nullptr && (!seen.narrow || cut->first < 2)) return has_one(group.rows[r], chunk);
  for (std::size_t k = 0; k < known.asked.count; ++k) {
    const std::uint32_t i = known.asked.samples[k];
    if (i > 1) known.ends[i] = static_cast<std::uint32_t>(end_of(group, r, i));
  }
  if (cut == nullptr) return true;
  cut->begin = state_after(group, r, cut->first);
  cut->second = state_after(group, r, std::min(cut->first + 1, last));
  return true;
}

/// Where sample `i`, not one of the first two, ends in its chunk.
std::uint64_t KnownChunks::end_of(const Group& group, std::size_t r, std::size_t i) const {
  return ends_[(i - 2) * group.vectors * rows_in_vector + r] - begins_[r].address;
}

/// Only of a group that is cut.
XorState KnownChunks::state_after(const Group& group, std::size_t r, std::size_t i) const {
  const std::size_t place = (i - 2) * group.vectors * rows_in_vector + r;
  const auto& times = known_[group.rows[r]].times;
  const std::uint64_t step =
      static_cast<std::uint64_t>(times[i]) - static_cast<std::uint64_t>(times[i - 1]);
  const std::uint64_t window = windows_[place];
  return {end_of(group, r, i),           times[i],         step,
          begins_[r].v ^ values_[place], width_of(window), trailing_of(window)};
}

}  // namespace prombraid::chunk
