#include "merge/uses.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "merge/reach.h"

namespace prombraid::merge {
namespace {

std::vector<Use> runs_of(std::span<const Piece> pieces) {
  std::vector<Use> uses;
  for (const Piece& piece : pieces) {
    if (uses.empty() || uses.back().strand != piece.strand) {
      Use& begun = uses.emplace_back();
      begun.strand = piece.strand;
      begun.from = piece.min_time;
      begun.reason = piece.reason;
    }
    uses.back().to = piece.max_time;
    uses.back().samples += piece.count;
  }
  return uses;
}

/// The hole of `strand` that holds `t`, or else one that begins within `soon` after it.
const Hole* hole_at(std::span<const Hole> holes, std::uint32_t strand, Timestamp t, Span soon = 0) {
  const auto after = std::upper_bound(holes.begin(), holes.end(), std::tie(strand, t),
                                      [](const auto& wanted, const Hole& hole) {
                                        return wanted < std::tie(hole.strand, hole.last_before);
                                      });
  if (after != holes.begin()) {
    const Hole& hole = *std::prev(after);
    if (hole.strand == strand && t < hole.first_after) return &hole;
  }
  const bool begins =
      after != holes.end() && after->strand == strand && distance(t, after->last_before) <= soon;
  return begins ? &*after : nullptr;
}

void explain_by(const Hole& hole, Use& use) {
  use.why = Why::hole;
  use.hole = hole;
}

/// The first use: whoever ranks better and has the series must have a hole where it begins.
void explain_begin(const Explanation& seen, Use& use) {
  for (const Presence& better : seen.presences) {
    if (better.strand >= use.strand) continue;
    const Hole* hole = hole_at(seen.holes, better.strand, use.from);
    if (hole != nullptr) return explain_by(*hole, use);
    if (better.samples > 0) use.why = Why::spacing;
  }
}

void explain_change(const Explanation& seen, const Use& before, Use& use) {
  // A replica that fails soon may be left before it does.
  const Span soon = Reach(seen.interval, 0).foresight;
  const Hole* hole = hole_at(seen.holes, before.strand, before.to, soon);
  // A marked hole may be the shared one that a marker of this replica has ended for the answer.
  if (hole != nullptr && use.from <= hole->first_after) return explain_by(*hole, use);
  use.why = use.strand < before.strand ? Why::best : Why::spacing;
}

}  // namespace

std::vector<Use> uses_of(std::span<const Piece> pieces, const Explanation& seen) {
  std::vector<Use> uses = runs_of(pieces);
  if (uses.empty()) return uses;
  explain_begin(seen, uses.front());
  for (std::size_t i = 1; i < uses.size(); ++i) explain_change(seen, uses[i - 1], uses[i]);
  return uses;
}

}  // namespace prombraid::merge
