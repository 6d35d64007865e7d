/// The frames of a STREAMED_XOR_CHUNKS answer, cut out of a stream of bytes
/// (storage/remote/chunked.go): uvarint length, CRC-32C of the message big-endian, the message.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "wire/varint.h"

namespace prombraid::wire {

/// Give it bytes as they come, in pieces of any size; take frames until there is none:
///
///     reader.feed(bytes);
///     for (;;) { auto frame = reader.next(); if (frame is an error or empty) break; ... }
///
/// A frame's bytes are copied once, into the buffer that is handed out. After an error it stays in
/// error.
class FrameReader {
 public:
  /// `max_frame_bytes`: the longest message taken, inclusive.
  explicit FrameReader(std::size_t max_frame_bytes) : max_frame_bytes_(max_frame_bytes) {}

  /// Borrows `bytes` until next() has given nullopt. To be called only when it has.
  void feed(std::string_view bytes) { input_ = bytes; }

  /// The next whole message, its checksum verified; nullopt where more bytes are needed.
  /// Errors: limit (max_frame_bytes, before anything is allocated), corrupt (a length of zero or
  /// longer than ten bytes, a checksum that differs: what a server's error text looks like that was
  /// appended to the stream).
  Result<std::optional<std::vector<char>>> next();

  /// A buffer that is not needed any more, for a message to come.
  void reuse(std::vector<char>&& buffer) {
    if (buffer.capacity() <= most_kept) spare_ = std::move(buffer);
  }

  /// True where the stream may end here: all input is taken and no frame has begun. An end
  /// anywhere else, after a bare length too, means that the answer is not whole.
  bool at_boundary() const { return input_.empty() && head_size_ == 0 && !failed_; }

  /// Bytes held for the frame that is being read, for memory accounting.
  std::size_t bytes() const { return message_.capacity(); }

  /// The memory of a larger frame is not kept.
  static constexpr std::size_t most_kept = std::size_t{64} << 10;

 private:
  Result<bool> read_head();
  Result<void> begin_message();
  bool read_message();
  Result<std::optional<std::vector<char>>> finish();

  std::size_t max_frame_bytes_;
  std::string_view input_;
  char head_[max_varint_bytes + 4] = {};  // the length and the checksum, as far as they came
  std::size_t head_size_ = 0;
  std::size_t length_size_ = 0;  // bytes of the length in head_; 0 until it is whole
  std::size_t length_ = 0;
  std::uint32_t crc_ = 0;
  std::vector<char> message_;
  std::vector<char> spare_;
  std::optional<Error> failed_;
};

}  // namespace prombraid::wire
