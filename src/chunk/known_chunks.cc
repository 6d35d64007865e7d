#include "chunk/known_chunks.h"

#include <algorithm>
#include <cstring>

#include "chunk/known_start.h"

namespace prombraid::chunk {
namespace {

/// Longer chunks are walked alone. Prometheus writes 120 samples, in a few hundred bytes.
constexpr std::size_t most_samples = 256;
constexpr std::size_t most_bytes = 2048;

/// A row's bytes, and how far a walk may go astray behind them.
constexpr std::size_t row_room = most_bytes + most_samples * most_row_bits / 8 + 16;

/// Fewer rows are as quick one by one.
constexpr std::size_t least_rows = rows_in_vector + 1;

bool fits_in_row(const KnownChunk& known) {
  const std::size_t count = known.times.size();
  if (known.cut != nullptr || count < 3 || count > most_samples) return false;
  return std::all_of(known.codes + 2, known.codes + count,
                     [](StepCode code) { return row_code(code) != 0; });
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

/// Chunks as long as each other into one group: a row that is over waits for the others.
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
  group.steps = known_[rows.front()].times.size() - 2;
  const std::size_t width = group.vectors * rows_in_vector;
  group.codes.assign(group.steps * width, row_over);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const KnownChunk& known = known_[rows[r]];
    for (std::size_t i = 2; i < known.times.size(); ++i) {
      group.codes[(i - 2) * width + r] = row_code(known.codes[i]);
    }
  }
  if (ends_.size() < group.codes.size()) ends_.resize(group.codes.size());
  if (!room_) room_ = std::make_unique<char[]>(most_rows * row_room);
}

bool KnownChunks::has_one(std::size_t i, const Chunk& chunk) const {
  const KnownChunk& known = known_[i];
  return has_times(chunk, known.times, known.codes, known.ends, known.cut);
}

bool KnownChunks::have_times(std::span<const Chunk* const> chunks) {
  if (!arranged_) arrange();
  const auto has = [&](std::size_t i) { return has_one(i, *chunks[i]); };
  if (!std::all_of(alone_.begin(), alone_.end(), has)) return false;
  // What was walked together without being known may still be so, coded in a way that only a walk
  // alone reads.
  return std::all_of(groups_.begin(), groups_.end(), [&](const Group& group) {
    return walk_together(group, chunks) || std::all_of(group.rows.begin(), group.rows.end(), has);
  });
}

/// True only where all of the group's chunks have their times.
bool KnownChunks::walk_together(const Group& group, std::span<const Chunk* const> chunks) {
  RowPlaces places;
  std::uint64_t begins[most_rows];
  std::uint64_t held[most_rows];
  const std::size_t width = group.vectors * rows_in_vector;
  for (std::size_t r = 0; r < width; ++r) {
    char* const row = room_.get() + r * row_room;
    begins[r] = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(row)) * 8;
    places.at[r] = begins[r];
    places.window[r] = row_window(1, 32);  // of a row that is not there
    if (r >= group.rows.size()) continue;
    const std::string_view data = chunks[group.rows[r]]->data;
    KnownStart start;
    if (data.size() > most_bytes || !start.read(data, known_[group.rows[r]].times)) return false;
    if (!start.window_told) return false;
    known_[group.rows[r]].ends[0] = start.first_end;
    known_[group.rows[r]].ends[1] = static_cast<std::uint32_t>(start.state.at);
    std::memcpy(row, data.data(), data.size());
    places.at[r] += start.state.at;
    places.window[r] = row_window(start.state.width, start.state.trailing);
    held[r] = start.held;
  }
  const RowsSeen seen =
      walk_rows(group.vectors, places, group.codes.data(), group.steps, ends_.data());
  if (!seen.known || seen.leading == 0) return false;
  const std::uint64_t in_no_window = ~(~std::uint64_t{0} >> seen.leading);
  for (std::size_t r = 0; r < group.rows.size(); ++r) {
    const KnownChunk& known = known_[group.rows[r]];
    const auto end = [&](std::size_t i) { return ends_[(i - 2) * width + r] - begins[r]; };
    const std::size_t bits = chunks[group.rows[r]]->data.size() * 8;
    if ((held[r] & in_no_window) == 0 || end(known.times.size() - 1) > bits) return false;
    if (known.asked_end > 1)
      known.ends[known.asked_end] = static_cast<std::uint32_t>(end(known.asked_end));
  }
  return true;
}

}  // namespace prombraid::chunk
