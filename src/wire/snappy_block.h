/// Snappy's block format (google/snappy, format_description.txt), both ways.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "wire/bytes.h"

namespace prombraid::wire {

/// Uncompresses a block of at most `max_bytes`. Both that limit and what `block` could hold at most
/// (an element of three bytes copies up to 64) are checked before anything is allocated.
/// Errors: limit, naming `limit_name`; `malformed` for bytes that are not snappy.
Result<Bytes> uncompress_block(std::string_view block, std::size_t max_bytes,
                               const char* limit_name, ErrorKind malformed);

/// Bytes to be sent one buffer after the other.
struct BufferList {
  std::vector<std::string> buffers;  ///< none is empty; about 256 KiB each or less
  std::size_t bytes = 0;             ///< of all together
};

/// Builds one block piece by piece, keeping only compressed bytes. Snappy's encoder itself works in
/// fragments of 64 KiB that never refer to each other, so fragments compressed one by one and set
/// side by side are one block; its length, which comes first, is written last.
class SnappyBlockWriter {
 public:
  SnappyBlockWriter();

  /// Appends `bytes`.
  void write(std::string_view bytes);

  /// A place whose bytes are known only later; fill it before finish(). It costs the fragment that
  /// is cut short here.
  std::size_t open_gap();
  /// `bytes`: 1 to 60.
  void fill_gap(std::size_t gap, std::string_view bytes);

  /// How long the block is when uncompressed, as far as it is written.
  std::uint64_t uncompressed_bytes() const { return uncompressed_; }
  /// The bytes it holds, for memory accounting.
  std::size_t bytes() const;

  /// The block, which must be less than 4 GiB uncompressed (the caller's limit).
  BufferList finish();

  static constexpr std::size_t fragment_bytes = 65536;

 private:
  void compress_pending();
  void append(std::string_view compressed);

  std::vector<std::string> buffers_;
  std::size_t compressed_ = 0;
  std::uint64_t uncompressed_ = 0;
  Bytes pending_;  // less than one fragment, not yet compressed
  Bytes scratch_;  // one compressed fragment
};

}  // namespace prombraid::wire
