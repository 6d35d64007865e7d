/// Writes one series as one frame of a STREAMED_XOR_CHUNKS answer: a Prometheus client takes each
/// frame as a series of its own and reads no more than its first (storage/remote/codec.go,
/// chunkedSeriesSet.Next).
#pragma once

#include <cstdint>
#include <span>

#include "series/chunk.h"
#include "wire/bytes.h"

namespace prombraid::wire {

/// How long a frame is, in bytes: told before its first byte is written.
struct FrameSize {
  FrameSize(std::int64_t query_index, const Labels& labels, std::span<const Chunk> chunks);

  std::size_t series = 0;   ///< the message of the series in it
  std::size_t message = 0;  ///< what the client's chunked_read_limit (50,000,000 by default) is for
  std::size_t frame = 0;    ///< the message behind its length and its checksum
};

/// Appends the frame, byte for byte what Prometheus would write for the same series. `size` is that
/// of the same, its message shorter than 4 GiB.
void append_frame(std::int64_t query_index, const Labels& labels, std::span<const Chunk> chunks,
                  const FrameSize& size, Bytes& out);

}  // namespace prombraid::wire
