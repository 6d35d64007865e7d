/// What a frame holds: prompb.ChunkedReadResponse, that is series as chunks.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "series/chunk.h"
#include "wire/read_limits.h"

namespace prombraid::wire {

struct ChunkedSeries {
  Labels labels;
  std::vector<Chunk> chunks;  ///< in the order sent; `data` points into the frame
};

struct ChunkedFrame {
  std::int64_t query_index = 0;
  /// One from Prometheus, several from others, none where a frame is empty.
  std::vector<ChunkedSeries> series;
};

/// Decodes one frame's message; the chunks point into `message`, which may be moved (as a vector
/// is) but not freed. Labels may come in any order; those with an empty value are dropped.
/// Chunks are taken as they are: neither their encoding nor their order is looked at.
/// Errors: limit; corrupt (not Protobuf, a wrong wire type, an empty label name, a name twice, a
/// negative query_index, a chunk with less than the two bytes that every encoding begins with).
Result<ChunkedFrame> decode_chunked_frame(std::string_view message, const SeriesLimits& limits);

/// The series with its chunks' bytes copied into a buffer of its own: for frames that hold several
/// series, which must not keep each other's bytes alive.
Strand copy_to_strand(ChunkedSeries&& series);

}  // namespace prombraid::wire
