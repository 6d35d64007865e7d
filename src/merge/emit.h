/// Pieces into chunks or samples.
#pragma once

#include <span>
#include <vector>

#include "base/error.h"
#include "chunk/encoded_chunk.h"
#include "merge/piece.h"
#include "series/chunk.h"
#include "series/sample.h"

namespace prombraid::merge {

/// Chunks of encodings 1 to 3 in time order, disjoint, with exact times. `chunks` point into the
/// strands, where a chunk passed through whole, or into `owned`: keep both alive.
struct ChunkRow {
  std::vector<Chunk> chunks;
  std::vector<chunk::EncodedChunk> owned;
  std::size_t passed = 0;  ///< how many of the chunks went out as the bytes that came

  void clear();
};

/// Appends to `out`. A whole chunk that every client reads goes out as its bytes; a part of a chunk
/// is sliced; neighbouring small parts are encoded together, so that many fillings do not become
/// many chunks. Where the strand changes, the first histogram says nothing of a reset (unless it is
/// a gauge), since the counts before it are another replica's.
///
/// Fails as chunk::decode and chunk::slice do.
Result<void> emit_chunks(std::span<const Strand* const> strands, std::span<const Piece> pieces,
                         ChunkRow& out);

/// Where emit_samples puts what it reads, in time order.
class SampleSink {
 public:
  virtual ~SampleSink() = default;
  /// `times` and `values` are equally long, and valid during the call.
  virtual void floats(std::span<const Timestamp> times, std::span<const DoubleBits> values) = 0;
  virtual void histogram(Timestamp t, const Histogram& h) = 0;
};

/// All samples of the pieces; reset hints as for emit_chunks.
Result<void> emit_samples(std::span<const Strand* const> strands, std::span<const Piece> pieces,
                          SampleSink& sink);

}  // namespace prombraid::merge
