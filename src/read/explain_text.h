/// An explained series as a page of text shows it.
#pragma once

#include <span>
#include <string>

#include "merge/explain.h"
#include "merge/piece.h"
#include "series/labels.h"

namespace prombraid::read {

/// All by rank: `replicas[k]` is the name of the replica whose strand is `strands[k]`, null where
/// it has not got the series.
struct ExplainedSeries {
  const Labels& labels;
  std::span<const std::string> replicas;
  std::span<const Strand* const> strands;
  std::span<const merge::Piece> pieces;  ///< what the answer is made of
  std::span<const merge::Fault> faults;
  merge::Span interval = 0;  ///< as it was learnt, in milliseconds
  const merge::Explanation& seen;
};

/// What of one series is shown; the rest is counted.
inline constexpr std::size_t shown_uses = 50;
inline constexpr std::size_t shown_holes = 10;  ///< of each replica
inline constexpr std::size_t shown_disagreements = 5;
inline constexpr std::size_t shown_label_bytes = 2000;

/// Lines of at most some hundred bytes each: whose samples the answer took from when to when and
/// why, what each replica had, and where they disagree.
std::string explain_text(const ExplainedSeries& series);

/// A label set, cut at `shown_label_bytes`.
std::string labels_text(const Labels& labels);

}  // namespace prombraid::read
