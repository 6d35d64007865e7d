/// The merge rule: which replica speaks when.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "merge/lane.h"
#include "merge/piece.h"

namespace prombraid::merge {

/// The moments [from, from + count) of one lane.
struct Run {
  std::uint32_t lane = 0;
  std::uint32_t from = 0;
  std::uint32_t count = 0;
  Reason reason = Reason::leader;

  bool operator==(const Run&) const = default;
};

class Braider {
 public:
  /// `lanes` by rank, `interval` in milliseconds. The runs are in time order and do not overlap.
  void braid(std::span<const std::span<const Moment>> lanes, std::uint64_t interval);

  /// Valid until the next `braid`.
  std::span<const Run> runs() const { return runs_; }

 private:
  struct Cursor {
    std::span<const Moment> lane;
    std::size_t at = 0;  ///< the first moment later than the last emitted one
  };

  void take(std::size_t lane, std::size_t at, Reason reason);
  bool step();
  bool take_in_time();
  bool take_near();
  bool take_after_hole();
  void take_stale_before(std::size_t winner, std::size_t at);
  bool live(const Cursor& cursor, Timestamp t) const;
  std::size_t next_real(const Cursor& cursor, Timestamp after) const;
  std::uint64_t since_last(Timestamp t) const {
    return static_cast<std::uint64_t>(t) - static_cast<std::uint64_t>(last_);
  }

  std::vector<Cursor> cursors_;
  std::vector<Run> runs_;
  std::uint64_t interval_ = 0;
  Timestamp last_ = 0;  ///< the time of the last moment taken
  bool begun_ = false;
};

}  // namespace prombraid::merge
