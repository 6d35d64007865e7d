/// Parts of chunks, and chunks in the encodings that every client knows.
#pragma once

#include <cstddef>
#include <vector>

#include "base/error.h"
#include "chunk/cut_place.h"
#include "chunk/decode.h"
#include "chunk/encoded_chunk.h"
#include "series/chunk.h"

namespace prombraid::chunk {

/// Appends to `out` the samples [first, first + count) of `chunk` as chunks of encodings 1 to 3,
/// with exact times. Nothing is appended for a count of zero.
///
/// An XOR chunk (0, 1) gives one chunk and is not encoded anew: the first two samples are written,
/// the bits of the others copied, because an XOR sample needs of the past only the time step, the
/// value and the window of significant bits. Every other encoding is decoded and encoded, and may
/// become several chunks where HistogramEncoder must start anew. The samples stay the same, but for
/// the reset hint not_reset, which becomes unknown for the first sample of a chunk.
///
/// `places` are for who has passed them before (TimeRows::ends, has_times): an XOR chunk is then
/// not walked to there again, and of a histogram chunk a slice from its begin is copied.
///
/// Fails as `decode` does for what it had to read, and with internal where [first, first + count)
/// is not within the chunk; `out` is then as it was.
Result<void> slice(const Chunk& chunk, std::size_t first, std::size_t count,
                   std::vector<EncodedChunk>& out, const KnownPlaces& places = {});

/// Encodings 1 to 3: what clients before Prometheus 3.11 can read, and so what we write.
bool every_client_reads(Encoding encoding);

/// Appends to `out` the whole chunk in encodings 1 to 3; start timestamps are dropped, as they are
/// in every SAMPLES answer. A chunk of no samples gives nothing.
Result<void> convert(const Chunk& chunk, std::vector<EncodedChunk>& out);

/// Appends to `out` the samples [first, first + count) of `samples`, which must be there, as new
/// chunks of encodings 1 to 3: as few as can hold them.
void encode(const DecodedChunk& samples, std::size_t first, std::size_t count,
            std::vector<EncodedChunk>& out);

}  // namespace prombraid::chunk
