/// Chunk bytes into samples: the hot path of the whole program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/error.h"
#include "series/chunk.h"
#include "series/sample.h"

namespace prombraid::chunk {

/// What one decoded chunk may take in memory. A few bytes of layout can claim thousands of buckets
/// for each of 65535 samples; a chunk that would pass this is refused before anything is reserved.
inline constexpr std::size_t max_decoded_bytes = std::size_t{64} << 20;

/// The samples of one chunk, column by column. Reuse one object for many chunks: it keeps its
/// memory, and a decode then allocates nothing for floats.
struct DecodedChunk {
  std::vector<Timestamp> times;
  std::vector<DoubleBits> values;     ///< of a float chunk: one per time, else empty
  std::vector<Histogram> histograms;  ///< of a histogram chunk: one per time, else empty

  std::size_t size() const { return times.size(); }
  bool is_histogram() const { return !histograms.empty(); }
  bool stale(std::size_t i) const {
    return histograms.empty() ? is_stale(values[i]) : histograms[i].stale();
  }
  void clear() {
    times.clear();
    values.clear();
    histograms.clear();
  }
};

/// True for the encodings whose samples are histograms: 2, 3, 5 and 6.
bool holds_histograms(Encoding encoding);

/// The number of samples that the chunk's head claims, without looking further. Fails with corrupt
/// where the head is cut off and with unsupported for an encoding not known here.
inline Result<unsigned> sample_count(const Chunk& chunk);

/// Replaces what `out` holds by the samples of `chunk`, encodings 0 to 6. Looks at the bytes only:
/// `chunk.min_time` and `max_time` are not compared, times need not rise, schemas are not judged.
/// A chunk of no samples decodes to none. Bits after the last sample are ignored.
///
/// Reset hints say what a reader of the bytes may believe (Prometheus tsdb/chunkenc,
/// histogram_meta.go, counterResetHint): gauge for every sample of a gauge chunk, else unknown for
/// the first and not_reset for the others. One thing more than Prometheus: the first sample of a
/// chunk with the reset header is `reset`, so that it can be written again as it was. A stale
/// sample is a bare histogram with nothing but its sum.
///
/// Fails with corrupt (the text names encoding and sample), limit (max_decoded_bytes) or
/// unsupported; `out` then holds nothing of use.
Result<void> decode(const Chunk& chunk, DecodedChunk& out);

/// What the first two bytes say, which must be there.
inline unsigned count_in_head(const Chunk& chunk) {
  const auto high = static_cast<std::uint8_t>(chunk.data[0]);
  return high * 256u + static_cast<std::uint8_t>(chunk.data[1]);
}

/// sample_count of a chunk in any state.
Result<unsigned> checked_sample_count(const Chunk& chunk);

// Without a call for nearly all chunks: each one's head is looked at several times.
inline Result<unsigned> sample_count(const Chunk& chunk) {
  const bool usual = chunk.encoding <= Encoding::xor_float && chunk.data.size() >= 2;
  return usual ? Result<unsigned>(count_in_head(chunk)) : checked_sample_count(chunk);
}

}  // namespace prombraid::chunk
