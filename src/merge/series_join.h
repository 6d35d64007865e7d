/// Streams of strands in label order become groups of strands with equal labels, in label order.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/error.h"
#include "series/chunk.h"

namespace prombraid::merge {

/// A machine without I/O around one strand a replica. The caller asks `needs` which replicas must
/// speak next, gives each a `put`, `end` or `fail`, and takes a group when none is needed:
///
///     while (true) {
///       for (std::size_t r : join.needs()) ...  // put(r, strand), end(r) or fail(r)
///       if (join.done()) break;
///       const Group& group = join.take();       // group.strands[rank]
///     }
///
/// Replicas are numbered by rank. With as few of them as there are, a linear scan finds the
/// smallest labels. Strands are never copied.
class SeriesJoin {
 public:
  /// The strands of one label set. `strands[r]` is null where replica r has not got the series.
  struct Group {
    std::vector<const Strand*> strands;
    const Labels& labels() const;
    std::size_t bytes() const;  ///< of all its strands, for memory accounting
  };

  /// Every replica is needed at first.
  explicit SeriesJoin(std::size_t replicas);

  /// The replicas that must speak before `take`: those whose strand went into the last group, and
  /// that have neither ended nor failed. Valid until the next call that is not const.
  std::span<const std::size_t> needs() const { return needs_; }

  /// The replica's next strand. Its chunks of one label set must be one strand already. Fails with
  /// corrupt where the labels are not greater than those before: the strand is then not taken, and
  /// the caller collects and sorts that replica's answer, or fails it.
  Result<void> put(std::size_t replica, Strand&& strand);

  /// The replica has no more. What it has put stays.
  void end(std::size_t replica);

  /// The replica broke off: as `end`, and a strand of it that is still waiting stays too, since it
  /// came whole.
  void fail(std::size_t replica) { end(replica); }

  /// True where nothing is needed and nothing waits.
  bool done() const { return needs_.empty() && waiting_ == 0; }

  /// The group with the smallest labels. Only where `needs` is empty and `done` is false. Valid
  /// until the next `take`; the group before is destroyed.
  const Group& take();

 private:
  struct Seat {
    std::optional<Strand> waiting;  ///< put and not yet taken
    Strand given;                   ///< in the last group that it was part of
    bool spoke = false;             ///< `given` holds the labels before
    bool ended = false;
  };

  void drop_need(std::size_t replica);

  std::vector<Seat> seats_;
  std::vector<std::size_t> needs_;
  std::size_t waiting_ = 0;
  Group group_;
};

}  // namespace prombraid::merge
