/// Float samples into XOR chunks, byte for byte as Prometheus writes them.
#pragma once

#include <cstddef>

#include "chunk/bit_writer.h"
#include "chunk/encoded_chunk.h"
#include "chunk/xor_window.h"
#include "series/sample.h"

namespace prombraid::chunk {

/// The count in a chunk's head has 16 bits.
inline constexpr std::size_t max_chunk_samples = 65535;

/// Prometheus cuts at 120 samples; so does everything here that has the choice.
inline constexpr std::size_t usual_chunk_samples = 120;

/// Encoding 1 (Prometheus tsdb/chunkenc/xor.go). Any times and values can be written; in a chunk
/// meant for a client the times must rise.
class FloatEncoder {
 public:
  /// Not to be called with max_chunk_samples in it.
  void append(Timestamp t, DoubleBits v);

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  /// The bytes that `finish` would give now, to within eight.
  std::size_t bytes() const { return out_.bytes(); }

  /// The chunk of what was appended; of no samples, two zero bytes. Leaves the encoder empty, ready
  /// for the next chunk.
  EncodedChunk finish();

 private:
  BitWriter out_;
  std::size_t size_ = 0;
  Timestamp first_time_ = 0;
  Timestamp last_time_ = 0;
  DoubleBits last_value_ = 0;
  std::uint64_t delta_ = 0;
  XorWriter value_;
};

}  // namespace prombraid::chunk
