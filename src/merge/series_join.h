/// Streams of strands in label order become groups of strands with equal labels, in label order.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/error.h"
#include "series/chunk.h"

namespace prombraid::merge {

/// A machine without I/O that holds one strand a replica. The caller asks `needs` which replicas
/// must speak next, gives each a `put` or an `end`, and takes a group when none is needed:
///
///     while (true) {
///       while (!join.needs().empty()) ...  // put(r, strand) or end(r) for r = join.needs()[0]
///       if (join.done()) break;
///       const SeriesJoin::Group& group = join.take();  // group.strands[rank]
///     }
///
/// Replicas are numbered by rank. As few as there are, a scan over them finds the smallest labels.
/// Strands are moved, never copied.
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

  /// The replicas that must speak before `take`: those whose strand went into the last group and
  /// that have not ended. Valid until the next call that is not const.
  std::span<const std::size_t> needs() const { return needs_; }

  /// The next strand of a replica that is needed; a label set comes in one strand. Its last group
  /// is over by then: `strand` becomes the one given before, whose memory can serve again.
  ///
  /// Fails with corrupt where the labels are not greater than those before. The strand is then left
  /// as it was and the replica is still needed: collect and sort its answer, or `end` it.
  Result<void> put(std::size_t replica, Strand&& strand);

  /// The replica has no more, or broke off. A strand of it that waits stays, since it came whole.
  void end(std::size_t replica);

  /// True where nothing is needed and nothing waits.
  bool done() const { return needs_.empty() && waiting_ == 0; }

  /// The strands with the smallest labels. Only where `needs` is empty and `done` is false. The
  /// group is valid until a `put` or `take`.
  const Group& take();

 private:
  enum class State : std::uint8_t { needed, holding, ended };
  struct Seat {
    State state = State::needed;
    bool spoke = false;       ///< `strand` is its last one, taken or not
    bool ends_after = false;  ///< nothing follows the strand that it holds
    Strand strand;
  };

  std::vector<Seat> seats_;
  std::vector<std::size_t> needs_;
  std::size_t waiting_ = 0;
  Group group_;
};

}  // namespace prombraid::merge
