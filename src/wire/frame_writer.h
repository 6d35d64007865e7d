/// Writes one series as one frame of a STREAMED_XOR_CHUNKS answer: a Prometheus client takes each
/// frame as a series of its own and reads no more than its first (storage/remote/codec.go,
/// chunkedSeriesSet.Next).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "series/chunk.h"
#include "wire/bytes.h"

namespace prombraid::wire {

/// The exact length of the message, to be held against the client's chunked_read_limit
/// (50,000,000 by default) before it is written.
std::size_t chunked_message_size(std::int64_t query_index, const Labels& labels,
                                 std::span<const Chunk> chunks);

/// Byte for byte what Prometheus would write for the same series.
class FrameWriter {
 public:
  /// Makes the frame, as parts to be sent one after the other: views into this writer and, for
  /// chunks of `borrow_from` bytes or more, into the chunks themselves. They are valid until the
  /// next call and as long as the chunks' bytes live. The message must be shorter than 4 GiB.
  std::span<const std::string_view> write(std::int64_t query_index, const Labels& labels,
                                          std::span<const Chunk> chunks);

  /// Of the last frame, head included.
  std::size_t frame_bytes() const { return frame_bytes_; }

  /// Shorter chunks are copied: a copy of so few bytes costs less than one more buffer of a
  /// gathered write, of which Asio passes only 64 to the kernel at a time.
  static constexpr std::size_t borrow_from = 4096;

 private:
  Bytes own_;
  std::vector<std::string_view> parts_;
  std::size_t frame_bytes_ = 0;
};

}  // namespace prombraid::wire
