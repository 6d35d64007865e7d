/// Chunks of one series after the other whose times are thought to be known.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "chunk/known_rows.h"
#include "chunk/known_start.h"
#include "chunk/known_times.h"
#include "chunk/still_chunk.h"
#include "series/chunk.h"

namespace prombraid::chunk {

/// The samples of a chunk whose ends are asked for, as slices end there.
struct AskedEnds {
  static constexpr std::size_t most = 4;

  void add(std::uint32_t sample) {
    if (count < most) samples[count] = sample;
    ++count;
  }
  bool too_many() const { return count > most; }  ///< all ends are asked for then
  std::span<const std::uint32_t> all() const { return {samples, std::min(count, most)}; }

  std::uint32_t samples[most] = {};
  std::size_t count = 0;
};

/// One chunk, as has_times takes it. All belongs to the caller and stays where it is.
struct KnownChunk {
  std::span<const Timestamp> times;
  const StepCode* codes = nullptr;
  std::uint32_t* ends = nullptr;
  CutPlace* cut = nullptr;  ///< null: none is looked for
  AskedEnds asked;
};

/// Does for all chunks of a series what has_times does for one, several of them at a time where the
/// processor can: a walk alone takes 3.4 ns a sample, half of it for wrong guesses of what comes
/// next, and as many at once as there are rows take less than one. Of those whose value never
/// changes the bytes are compared.
class KnownChunks {
 public:
  /// So many series are asked for one chunk at a time before memory is taken for more: a small read
  /// is over by then. Where there is no `walker` all are.
  explicit KnownChunks(unsigned alone_at_first = 16, const RowWalker* walker = best_row_walker())
      : alone_at_first_(alone_at_first), walker_(walker) {}

  void clear();
  void add(const KnownChunk& chunk);

  /// True where has_times is true of each of `chunks`, which are as many as were added. Of `ends`
  /// those that were asked for are written, and others may be.
  bool have_times(std::span<const Chunk* const> chunks);

  /// How many of them were found by a walk of several: what this is for, and nothing else
  /// shows when it is in vain.
  std::size_t found_together() const { return found_together_; }
  /// And how many by their bytes.
  std::size_t found_still() const { return found_still_; }

 private:
  struct Row {
    std::size_t known = 0;  ///< which of `known_`
    StartCode start;
    std::size_t last = 0;  ///< which of the group's stops is behind the last sample
    /// And which behind each that is asked for.
    std::size_t asked[AskedEnds::most] = {};
    std::size_t begin = 0;   ///< behind the cut's first
    std::size_t second = 0;  ///< and its second
  };
  struct Group {
    std::vector<Row> rows;
    std::vector<RowCode> codes;
    std::vector<std::uint32_t> stops;
    RowsWalk walk;
    unsigned left_out = 0;  ///< so many series more are not walked together
    unsigned in_vain = 0;   ///< so many are left out after the next that is in vain
  };
  /// What is known of a chunk besides, should its value stand still.
  struct Still {
    std::size_t second_value = 0;     ///< the byte in whose top bit sample 1 says so; 0: too short
    std::optional<StillChunk> chunk;  ///< made for the first that says so
  };
  /// Where a row was before the walk.
  struct Begin {
    std::uint64_t address = 0;  ///< of its bytes, in bits
    std::uint64_t held = 0;     ///< as in KnownStart
    DoubleBits v = 0;
  };

  void arrange();
  void add_group(std::span<const std::size_t> rows);
  void add_codes(Group& group) const;
  void add_stops(Group& group) const;
  bool has_one(std::size_t i, const Chunk& chunk) const;
  bool has_still(std::size_t i, const Chunk& chunk);
  bool has_group(Group& group, std::span<const Chunk* const> chunks);
  bool walk_together(const Group& group, std::span<const Chunk* const> chunks);
  bool place_rows(const Group& group, std::span<const Chunk* const> chunks, RowPlaces& places);
  bool take_row(const Row& row, std::size_t r, const Chunk& chunk, const RowsSeen& seen);
  XorState state_at(const Row& row, std::size_t r, std::size_t stop, std::size_t sample) const;

  unsigned alone_at_first_;
  std::size_t found_together_ = 0;
  std::size_t found_still_ = 0;
  const RowWalker* walker_;
  std::vector<KnownChunk> known_;
  bool arranged_ = false;
  std::vector<Still> stills_;        ///< as many as `known_`
  std::vector<std::size_t> moving_;  ///< those of a group that do not stand still
  std::vector<std::size_t> alone_;
  std::vector<Group> groups_;
  std::unique_ptr<char[]> room_;  ///< a copy of each row's bytes, with room behind
  // Of the group that was walked last.
  Begin begins_[most_rows];
  std::vector<RowPlaces> kept_;  ///< at its stops
};

}  // namespace prombraid::chunk
