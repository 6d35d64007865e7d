/// N replicas' copies of one series become one, as if there were one replica that never failed.
#pragma once

#include <span>
#include <vector>

#include "base/error.h"
#include "merge/braid.h"
#include "merge/lane.h"
#include "merge/piece.h"
#include "series/chunk.h"
#include "series/sample.h"

namespace prombraid::merge {

/// Decides which samples of which strand make the answer; `emit.h` then writes them. One object is
/// used for many series, one after the other: it keeps its memory.
///
/// The rule looks at times and stale markers only, never at values (`rule.h`). So all series of
/// one target, having the same times in a replica, are stitched at the same places.
class SeriesMerger {
 public:
  /// Merges `strands`, ordered by rank: the replica preferred comes first. A replica that has not
  /// got the series is an empty strand or null. The strands should reach `margin` beyond `range`
  /// on both sides, as far as the replicas have data there (`rule.h`): then the answer for a part
  /// of a range is that part of the answer. Only samples inside `range` are in the pieces.
  ///
  /// Never fails: a strand that does not decode is left out and told in `faults`.
  void merge(std::span<const Strand* const> strands, TimeRange range);

  /// Both are valid until the next `merge`.
  std::span<const Piece> pieces() const { return pieces_; }
  std::span<const Fault> faults() const { return faults_; }

 private:
  void load(std::span<const Strand* const> strands);
  void cut_pieces(std::span<const Strand* const> strands, TimeRange range);
  void add(std::uint32_t strand, const Moment& moment, Reason reason);

  std::vector<Lane> lanes_;
  std::vector<std::span<const Moment>> views_;
  Braider braider_;
  std::vector<Piece> pieces_;
  std::vector<Fault> faults_;
};

}  // namespace prombraid::merge
