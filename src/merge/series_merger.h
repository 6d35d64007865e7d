/// N replicas' copies of one series become one, as if there were one replica that never failed.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/error.h"
#include "chunk/known_chunks.h"
#include "merge/braid.h"
#include "merge/lane.h"
#include "merge/piece.h"
#include "merge/rule.h"
#include "series/chunk.h"
#include "series/sample.h"

namespace prombraid::merge {

/// Decides which samples of which strand make the answer; `emit.h` then writes them. One object is
/// used for many series, one after the other: it keeps its memory.
///
/// The rule (course.h, braid.h) looks at times and stale markers only, never at values. So all
/// series of one target, having the same times in a replica, are stitched at the same places. A
/// chunk is decoded only where the rule has to look into it. And what it has seen of one series it
/// need not decide again for the next: where all that it looked into is found to be the same, the
/// runs are.
class SeriesMerger {
 public:
  /// `epoch` in milliseconds, at least 1: the same for all windows that shall agree.
  explicit SeriesMerger(Span epoch = default_epoch) : epoch_(epoch) {}

  /// Merges `strands`, ordered by rank: the replica preferred comes first. A replica that has not
  /// got the series is an empty strand or null. The strands should hold `widened(range)` (rule.h);
  /// only samples inside `range` are in the pieces. Where all are silent up to `now`, and so far as
  /// they were read, that is a hole; behind it something may still come.
  ///
  /// One strand alone comes back as it is: only a chunk that an end of the range cuts is looked
  /// into. (Of several that are empty but for one the others are still waited for: its steps
  /// count.)
  ///
  /// Never fails: a strand that does not decode is left out and told in `faults`. One whose chunks
  /// overlap, stand in the wrong order or do not hold what their heads say is put in order first.
  void merge(std::span<const Strand* const> strands, TimeRange range, Timestamp now = first_time);

  /// All are valid until the next `merge`.
  std::span<const Piece> pieces() const { return pieces_; }
  std::span<const Fault> faults() const { return faults_; }
  /// The scrape interval as it was learnt; of one strand alone it is learnt when asked for.
  Span interval();

  std::size_t chunks_decoded() const;  ///< in all strands, by the last `merge` that decided
  std::size_t repeated() const { return repeated_; }  ///< series that were as the one before

 private:
  bool repeats(std::span<const Strand* const> strands, TimeRange range, Timestamp now);
  void decide(std::span<const Strand* const> strands, TimeRange range, Timestamp now);
  bool settle(std::span<const Strand* const> strands);
  void cut_pieces(std::span<const Strand* const> strands, TimeRange range);
  void cut_run(const Run& run, TimeRange range);
  bool prepare();
  void look_out_for_cuts();

  Span epoch_;
  TimeRange range_;
  Timestamp now_ = first_time;
  std::optional<Span> interval_;
  std::vector<Lane> lanes_;
  std::size_t lane_count_ = 0;
  std::size_t repeated_ = 0;
  enum class Prepared : std::uint8_t { no, yes, never };
  Prepared prepared_ = Prepared::no;  ///< for series that repeat the last one
  chunk::KnownChunks known_;          ///< what was decoded of it
  std::vector<const Chunk*> chunks_;  ///< the same chunks of another series
  Braider braider_;
  std::vector<Piece> pieces_;
  std::vector<Fault> faults_;
};

}  // namespace prombraid::merge
