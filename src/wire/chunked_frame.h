/// What a frame holds: prompb.ChunkedReadResponse, that is series as chunks.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "series/chunk.h"
#include "wire/chunk_field.h"
#include "wire/labels_field.h"
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

/// Decodes frames, one after the other; what it needs on the way it allocates once.
class FrameDecoder {
 public:
  explicit FrameDecoder(const SeriesLimits& limits) : limits_(limits), labels_(limits) {}

  /// One frame's message into `frame`, of what was there before nothing but its memory is left. The
  /// chunks point into `message`, which may be moved (as a vector is) but not freed. Labels may
  /// come in any order; those with an empty value are dropped. Chunks are taken as they are:
  /// neither their encoding nor their order is looked at. Errors: limit; corrupt (not Protobuf, a
  /// wrong wire type, an empty label name, a name twice, a negative query_index, a chunk with less
  /// than the two bytes that every encoding begins with).
  Result<void> decode(std::string_view message, ChunkedFrame& frame);

 private:
  Result<void> decode_series(std::string_view message, ChunkedSeries& series);

  SeriesLimits limits_;
  LabelsField labels_;
  ChunkField chunk_;
};

/// The same for a single frame.
Result<ChunkedFrame> decode_chunked_frame(std::string_view message, const SeriesLimits& limits);

/// The series with its chunks' bytes copied into a buffer of its own: for frames that hold several
/// series, which must not keep each other's bytes alive.
Strand copy_to_strand(ChunkedSeries&& series);

}  // namespace prombraid::wire
