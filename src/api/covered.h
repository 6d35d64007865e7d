/// A series of an answer with what each replica had of it.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "merge/explain.h"
#include "merge/piece.h"
#include "series/chunk.h"

namespace prombraid::api {

/// One series; all by rank, as in read::ExplainedSeries. Valid while it is shown.
struct Covered {
  std::span<const std::string> replicas;  ///< their names
  const Labels& labels;
  TimeRange range;                         ///< what was asked for
  std::span<const Strand* const> strands;  ///< null: the replica has not got it
  std::span<const merge::Piece> pieces;    ///< what the answer is made of
  std::span<const merge::Fault> faults;
  merge::Span interval = 0;  ///< as it was learnt; 0: unknown
  const merge::Explanation& seen;
};

/// What is true of the whole read.
struct CoveredRead {
  std::vector<std::string> replicas;    ///< those asked, by rank
  std::vector<Labels> external_labels;  ///< of each; empty where unknown
  std::vector<std::string> failures;    ///< one line a replica that failed
  std::vector<std::string> ignored;     ///< matchers that no replica can answer
  std::size_t series = 0;               ///< shown
  bool cut = false;                     ///< there are more than were wanted
};

}  // namespace prombraid::api
