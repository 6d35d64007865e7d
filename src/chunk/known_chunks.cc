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

/// A group that was not known together was in vain. The more often that was so, the more series are
/// left out before the next trial.
constexpr unsigned most_left_out = 15;

/// Fewer rows are as quick one by one.
constexpr std::size_t least_rows = 5;

/// How many steps a walk has taken when it is behind sample `i`: the first two are no steps.
std::uint32_t steps_to(std::size_t i) {
  return static_cast<std::uint32_t>(i - 1);
}

/// The sample behind the cut's first, where there is one.
std::size_t second_of(const KnownChunk& known) {
  return std::min(known.cut->first + 1, known.times.size() - 1);
}

bool is_cut(const KnownChunk& known) {
  return known.cut != nullptr && known.cut->first > 1;
}

/// Of chunks of two samples the walk is over as soon.
std::size_t second_value_of(std::span<const Timestamp> times) {
  if (times.size() < 3) return 0;
  const StartCode start(times);
  return sizeof(std::uint16_t) + start.first_bytes + sizeof(DoubleBits) + start.second_bytes;
}

bool fits_in_row(const KnownChunk& known) {
  const std::size_t count = known.times.size();
  if (count < 3 || count > most_samples || known.asked.too_many()) return false;
  if (!StartCode(known.times).fits()) return false;
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

/// Those that are cut first, as it is they that need values, and the longest before others: a row
/// that is over waits for the others of its vector.
void KnownChunks::arrange() {
  arranged_ = true;
  alone_.clear();
  groups_.clear();
  stills_.clear();
  std::vector<std::size_t> together;
  for (std::size_t i = 0; i < known_.size(); ++i) {
    stills_.push_back({second_value_of(known_[i].times), {}});
    (walker_ != nullptr && fits_in_row(known_[i]) ? together : alone_).push_back(i);
  }
  const auto before = [&](std::size_t a, std::size_t b) {
    if (is_cut(known_[a]) != is_cut(known_[b])) return is_cut(known_[a]);
    const std::size_t of_a = known_[a].times.size();
    const std::size_t of_b = known_[b].times.size();
    return of_a != of_b ? of_a > of_b : a < b;
  };
  std::sort(together.begin(), together.end(), before);
  std::span<const std::size_t> left = together;
  while (left.size() >= least_rows) {
    add_group(left.first(std::min(left.size(), most_vectors * walker_->rows_in_vector)));
    left = left.subspan(groups_.back().rows.size());
  }
  alone_.insert(alone_.end(), left.begin(), left.end());
}

void KnownChunks::add_group(std::span<const std::size_t> rows) {
  Group& group = groups_.emplace_back();
  group.rows.resize(rows.size());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    group.rows[r].known = rows[r];
    group.rows[r].start = StartCode(known_[rows[r]].times);
  }
  const std::size_t in_vector = walker_->rows_in_vector;
  group.walk.vectors = (rows.size() + in_vector - 1) / in_vector;
  std::size_t longest = 0;
  for (std::size_t r = rows.size(); r-- > 0;) {
    longest = std::max(longest, known_[rows[r]].times.size() - 2);
    group.walk.steps[r / in_vector] = longest;
    if (is_cut(known_[rows[r]]) && group.walk.valued_vectors == 0) {
      group.walk.valued_vectors = r / in_vector + 1;
    }
  }
  add_codes(group);
  add_stops(group);
  if (!room_) room_ = std::make_unique_for_overwrite<char[]>(most_rows * row_room);
}

void KnownChunks::add_codes(Group& group) const {
  const std::size_t width = group.walk.vectors * walker_->rows_in_vector;
  group.codes.assign(group.walk.steps[0] * width, row_over);
  for (std::size_t r = 0; r < group.rows.size(); ++r) {
    const KnownChunk& known = known_[group.rows[r].known];
    for (std::size_t i = 2; i < known.times.size(); ++i) {
      group.codes[(i - 2) * width + r] = row_code(known.codes[i]);
    }
  }
}

/// Where something is asked for: a walk that kept every place would store more than it reads.
void KnownChunks::add_stops(Group& group) const {
  std::vector<std::uint32_t>& stops = group.stops;
  for (const Row& row : group.rows) {
    const KnownChunk& known = known_[row.known];
    stops.push_back(steps_to(known.times.size() - 1));
    for (const std::uint32_t i : known.asked.all()) {
      if (i > 1) stops.push_back(steps_to(i));
    }
    if (!is_cut(known)) continue;
    stops.push_back(steps_to(known.cut->first));
    stops.push_back(steps_to(second_of(known)));
    group.walk.valued_steps = std::max<std::size_t>(group.walk.valued_steps, stops.back());
  }
  std::sort(stops.begin(), stops.end());
  stops.erase(std::unique(stops.begin(), stops.end()), stops.end());
  const auto stop_behind = [&](std::size_t i) {
    const auto at = std::lower_bound(stops.begin(), stops.end(), steps_to(i));
    return static_cast<std::size_t>(at - stops.begin());
  };
  for (Row& row : group.rows) {
    const KnownChunk& known = known_[row.known];
    row.last = stop_behind(known.times.size() - 1);
    for (std::size_t k = 0; k < known.asked.count; ++k) {
      if (known.asked.samples[k] > 1) row.asked[k] = stop_behind(known.asked.samples[k]);
    }
    if (!is_cut(known)) continue;
    row.begin = stop_behind(known.cut->first);
    row.second = stop_behind(second_of(known));
  }
}

bool KnownChunks::has_one(std::size_t i, const Chunk& chunk) const {
  const KnownChunk& known = known_[i];
  return has_times(chunk, known.times, known.codes, known.ends, known.cut);
}

bool KnownChunks::has_still(std::size_t i, const Chunk& chunk) {
  Still& still = stills_[i];
  if (still.second_value == 0 || still.second_value >= chunk.data.size()) return false;
  const bool changes = (static_cast<unsigned char>(chunk.data[still.second_value]) & 0x80) != 0;
  if (changes) return false;
  const KnownChunk& known = known_[i];
  if (!still.chunk) still.chunk.emplace(known.times, known.codes);
  if (!still.chunk->is(chunk.data)) return false;
  const std::span<const std::uint32_t> ends = still.chunk->ends();
  if (known.asked.too_many()) std::copy(ends.begin(), ends.end(), known.ends);
  for (const std::uint32_t sample : known.asked.all()) known.ends[sample] = ends[sample];
  if (known.cut != nullptr) {
    known.cut->begin = still.chunk->after(known.cut->first, chunk.data);
    known.cut->second = still.chunk->after(second_of(known), chunk.data);
  }
  ++found_still_;
  return true;
}

bool KnownChunks::have_times(std::span<const Chunk* const> chunks) {
  const auto has = [&](std::size_t i) { return has_one(i, *chunks[i]); };
  const auto has_in_turn = [&](std::size_t i) { return has_still(i, *chunks[i]) || has(i); };
  found_together_ = found_still_ = 0;
  if (alone_at_first_ > 0) {
    --alone_at_first_;
    std::size_t i = 0;
    while (i < chunks.size() && has(i)) ++i;
    return i == chunks.size();
  }
  if (!arranged_) arrange();
  return std::all_of(alone_.begin(), alone_.end(), has_in_turn) &&
         std::all_of(groups_.begin(), groups_.end(),
                     [&](Group& group) { return has_group(group, chunks); });
}

/// What was walked together without being known may still be so, coded in a way that only a walk
/// alone reads.
bool KnownChunks::has_group(Group& group, std::span<const Chunk* const> chunks) {
  moving_.clear();
  for (const Row& row : group.rows) {
    if (!has_still(row.known, *chunks[row.known])) moving_.push_back(row.known);
  }
  const auto has = [&](std::size_t i) { return has_one(i, *chunks[i]); };
  if (moving_.size() < least_rows) return std::all_of(moving_.begin(), moving_.end(), has);
  if (group.left_out == 0) {
    if (walk_together(group, chunks)) {
      group.in_vain = 0;
      found_together_ += group.rows.size();
      return true;
    }
    group.left_out = group.in_vain;
    group.in_vain = std::min(2 * group.in_vain + 1, most_left_out);
  } else {
    --group.left_out;
  }
  return std::all_of(moving_.begin(), moving_.end(), has);
}

/// True only where all of the group's chunks have their times.
bool KnownChunks::walk_together(const Group& group, std::span<const Chunk* const> chunks) {
  RowPlaces places;
  if (!place_rows(group, chunks, places)) return false;
  if (kept_.size() < group.stops.size()) kept_.resize(group.stops.size());
  RowsWalk walk = group.walk;
  walk.codes = group.codes.data();
  walk.stops = group.stops;
  walk.kept = kept_.data();
  const RowsSeen seen = walker_->walk(walk, places);
  if (!seen.known) return false;
  for (std::size_t r = 0; r < group.rows.size(); ++r) {
    const Row& row = group.rows[r];
    if (!take_row(row, r, *chunks[row.known], seen)) return false;
  }
  return true;
}

bool KnownChunks::place_rows(const Group& group, std::span<const Chunk* const> chunks,
                             RowPlaces& places) {
  for (std::size_t r = 0; r < group.walk.vectors * walker_->rows_in_vector; ++r) {
    char* const row = room_.get() + r * row_room;
    begins_[r] = {static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(row)) * 8, 0, 0};
    places.at[r] = begins_[r].address;
    places.window[r] = row_window(1, 32);  // of a row that is not there: it does not count
    if (r >= group.rows.size()) continue;
    const KnownChunk& known = known_[group.rows[r].known];
    const std::string_view data = chunks[group.rows[r].known]->data;
    KnownStart start;
    if (data.size() > most_bytes) return false;
    if (!start.read_coded(data, known.times, group.rows[r].start)) return false;
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
bool KnownChunks::take_row(const Row& row, std::size_t r, const Chunk& chunk,
                           const RowsSeen& seen) {
  const KnownChunk& known = known_[row.known];
  const std::uint64_t in_windows = ~std::uint64_t{0} >> (seen.leading + seen.trailing)
                                                            << seen.trailing;
  if ((begins_[r].held & ~in_windows) == 0) return false;
  if (kept_[row.last].at[r] - begins_[r].address > chunk.data.size() * 8) return false;
  CutPlace* const cut = known.cut;
  // Of the first two samples, and of values that one look does not show, a walk alone knows more.
  if (cut != nullptr && (!seen.narrow || cut->first < 2)) return has_one(row.known, chunk);
  for (std::size_t k = 0; k < known.asked.count; ++k) {
    const std::uint32_t i = known.asked.samples[k];
    if (i < 2) continue;
    known.ends[i] = static_cast<std::uint32_t>(kept_[row.asked[k]].at[r] - begins_[r].address);
  }
  if (cut == nullptr) return true;
  cut->begin = state_at(row, r, row.begin, cut->first);
  cut->second = state_at(row, r, row.second, second_of(known));
  return true;
}

/// Behind a sample, of a row that is cut there.
XorState KnownChunks::state_at(const Row& row, std::size_t r, std::size_t stop,
                               std::size_t sample) const {
  const RowPlaces& kept = kept_[stop];
  const auto& times = known_[row.known].times;
  const std::uint64_t step =
      static_cast<std::uint64_t>(times[sample]) - static_cast<std::uint64_t>(times[sample - 1]);
  const std::uint64_t window = kept.window[r];
  return {kept.at[r] - begins_[r].address, times[sample],    step,
          begins_[r].v ^ kept.value[r],    width_of(window), trailing_of(window)};
}

}  // namespace prombraid::chunk
