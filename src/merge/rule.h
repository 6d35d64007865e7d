/// What a reader of the merge must know of its rule: how far around a range the replicas must be
/// read for the answer to be free of the window.
#pragma once

#include "merge/times.h"
#include "series/sample.h"

namespace prombraid::merge {

/// The length of an epoch (braid.h): 20 scrapes at 15 s.
inline constexpr Span default_epoch = 5 * 60 * 1000;

/// How many epochs before an epoch its course begins. Each one more is read with every query, and
/// saves ever fewer changes of replica (docs/merge.md).
inline constexpr Span epochs_back = 8;

/// The longest time that a sample after the range can matter: so far ahead a course looks for
/// anybody who goes on (`Reach::horizon`), and 5 scrape intervals of 60 s are no more, through
/// which a way is planned (plan.h).
inline constexpr Span margin_after = 5 * 60 * 1000;

/// What the replicas are to be asked for so that the merge can answer `range`: from where the
/// course begins that is followed at `range.start`, to `margin_after` behind its end. Where a
/// replica has no data there, nothing is lost.
TimeRange widened(TimeRange range, Span epoch = default_epoch);

}  // namespace prombraid::merge
