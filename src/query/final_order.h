/// Puts a replica's series into the order in which they are answered.
///
/// A Prometheus server sorts a stream before it adds its external labels to every series, so what
/// arrives is sorted by the other labels (storage/remote/read_handler.go; prometheus issue 12605).
/// The two orders differ only between a series and one that begins with all its labels: `{a}` comes
/// before `{a,b}`, but with an external `c` on both, `{a,b,c}` is before `{a,c}`. So a series waits
/// here while what arrives begins with it, and no longer.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "series/chunk.h"

namespace prombraid::query {

/// Adds the chunks of `from` to `into`: a series whose own label is the very value that its server
/// adds to its neighbour is told twice (prometheus issue 12605), and must not be answered twice.
/// The chunks need not be in order any more; the merge does not ask for it.
void absorb(Strand&& from, Strand& into);

/// A machine: `push` what arrives, `pop` what is ready, `end` after the last. Never out of order
/// without saying so.
class FinalOrder {
 public:
  /// `external`: what the replica added to each series; null where that is not known (nothing is
  /// then held back). Must outlive this.
  explicit FinalOrder(const Labels* external) : external_(external) {}

  void push(Strand strand);
  void end();

  /// The next series that nothing to come can precede.
  std::optional<Strand> pop();

 private:
  bool is_external(Label label) const;
  bool begins(const Labels& prefix, const Labels& of) const;
  void release();

  const Labels* external_;
  std::vector<Strand> held_;  ///< each begins the one after it, and is to be answered after it
  std::deque<Strand> ready_;
};

}  // namespace prombraid::query
