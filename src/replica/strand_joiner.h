/// Frames become strands: the frames of one series, which a server cuts at 1 MiB, are one again.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include "base/error.h"
#include "replica/strand_source.h"
#include "wire/chunked_frame.h"

namespace prombraid::replica {

/// A machine without I/O. Put frames, in the order sent, until one strand can be taken; a strand is
/// whole when the next series or the end is there.
class StrandJoiner {
 public:
  struct Limits {
    std::size_t queries = 1;  ///< what a query index must stay below
    std::size_t max_series_bytes = std::size_t{512} << 20;
    wire::SeriesLimits series;
  };

  explicit StrandJoiner(const Limits& limits) : limits_(limits), decoder_(limits.series) {}

  /// Errors: what FrameDecoder says; corrupt for a query index that is out of range or
  /// smaller than the one before; unsupported for a chunk's encoding not known here; limit.
  Result<void> put(std::vector<char> frame);

  /// The memory of a strand that is not needed any more, but for its buffers.
  void reuse(Strand&& strand);

  /// No frame will follow.
  void end() { ended_ = true; }

  std::optional<IndexedStrand> take();

 private:
  Strand take_over(wire::ChunkedSeries& series, std::vector<char> frame);
  Result<void> put_strand(std::size_t query, Strand&& strand);

  Limits limits_;
  wire::FrameDecoder decoder_;
  wire::ChunkedFrame decoded_;         ///< here for the sake of its capacity
  Strand spare_;                       ///< likewise
  std::deque<IndexedStrand> strands_;  ///< all whole, but the last until the end
  std::size_t last_query_ = 0;
  std::size_t last_bytes_ = 0;  ///< of the last strand's buffers
  bool ended_ = false;
};

/// Encodings 0 to 6 can be read here; unsupported for any other, naming it and the series.
Result<void> check_encodings(const Labels& labels, const std::vector<Chunk>& chunks);

}  // namespace prombraid::replica
