/// Native histograms into histogram chunks, byte for byte as Prometheus writes them as long as it
/// starts a new chunk where we do.
#pragma once

#include <cstddef>
#include <vector>

#include "chunk/bit_writer.h"
#include "chunk/encoded_chunk.h"
#include "chunk/xor_window.h"
#include "series/sample.h"

namespace prombraid::chunk {

/// Encoding 2 for integer and 3 for float histograms (Prometheus tsdb/chunkenc/histogram.go and
/// float_histogram.go), as the first sample says.
///
/// A reader believes that within a chunk nothing was reset, and one layout serves all samples. So
/// a sample that `fits` not must begin a new chunk. Prometheus goes further and rewrites a chunk
/// when a bucket appears; that saves bytes, not truth, and is left out.
///
/// The head's reset field is written for the first sample: `11` for a gauge, `10` for the hint
/// reset, else `00`. A first sample with the hint not_reset becomes unknown: `01` would be a claim
/// about a chunk before this one which the reader may not have, and no Prometheus since 3.1 reads
/// it back anyway. Unknown is always safe: PromQL then compares the counts itself.
class HistogramEncoder {
 public:
  /// True where `h` may follow what the chunk holds (always in an empty one): not full, the same
  /// kind (integer or float; gauge or counter) and layout, no hint of a reset, for a counter no
  /// count or bucket lower than before, and nothing but stale samples after a stale one.
  bool fits(const Histogram& h) const;

  /// Only where `fits(h)` and, but for a stale sample, `well_formed(h)`. Of a stale sample nothing
  /// but the time and the sum is written.
  void append(Timestamp t, const Histogram& h);

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::size_t bytes() const { return out_.bytes(); }

  /// The chunk of what was appended. Leaves the encoder empty, ready for the next chunk.
  EncodedChunk finish();

 private:
  struct IntegerTrack {
    std::uint64_t value = 0;
    std::uint64_t delta = 0;
    void append(std::uint64_t next, BitWriter& out);
  };
  struct FloatTrack {
    DoubleBits value = 0;
    XorWriter writer;
    void append(DoubleBits next, BitWriter& out);
  };

  bool same_layout(const Histogram& h) const;
  bool lowers_integers(const Histogram& h) const;
  bool lowers_floats(const Histogram& h) const;
  void begin(Timestamp t, const Histogram& h);
  void begin_integers(const Histogram& h);
  void begin_floats(const Histogram& h);
  void append_integers(const Histogram& h);
  void append_floats(const Histogram& h);

  BitWriter out_;
  std::size_t size_ = 0;
  bool last_stale_ = false;
  Histogram first_;  ///< of the first sample the kind, the reset hint and the layout
  Timestamp first_time_ = 0;
  IntegerTrack time_;
  FloatTrack sum_;
  std::vector<IntegerTrack> integers_;  ///< count, zero count, positive, negative buckets
  std::vector<FloatTrack> floats_;      ///< the same of a float histogram
};

/// True where `h` has exactly the buckets that its spans claim and none of the other kind. What
/// comes out of `decode` is; what a peer sent as a message must be asked.
bool well_formed(const Histogram& h);

}  // namespace prombraid::chunk
