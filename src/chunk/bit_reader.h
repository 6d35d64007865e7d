/// Bits out of bytes, most significant first, a word at a time.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "chunk/look.h"

namespace prombraid::chunk {

/// Never touches a byte outside `data`. Past the end it reads zero bits and `ok` turns false for
/// good, so a decoder may look at `ok` once a sample instead of once a field.
///
/// It knows only where it is and loads what it needs from there. A reader that shifts a register
/// and refills it makes every field wait for the one before; here fields whose widths the branch
/// predictor guesses right overlap.
class BitReader {
 public:
  BitReader() = default;
  explicit BitReader(std::string_view data)
      : data_(data.data()), size_(data.size()), end_(data.size() * 8) {}

  /// The next 64 bits, the first of them on top; zero bits stand for those past the end.
  std::uint64_t peek() const {
    const std::size_t byte = at_ >> 3;
    if (byte + 9 > size_) [[unlikely]]
      return peek_at_end(data_, size_, at_);
    const unsigned shift = at_ & 7;
    const std::uint64_t next = static_cast<std::uint8_t>(data_[byte + 8]);
    return load(data_ + byte) << shift | next >> (8 - shift);
  }

  void skip(std::size_t n) { at_ += n; }

  /// The next `n` bits, 1 <= n <= 64.
  std::uint64_t read(unsigned n) {
    const std::uint64_t bits = peek() >> (64 - n);
    at_ += n;
    return bits;
  }

  bool ok() const { return at_ <= end_; }
  std::size_t position() const { return at_; }  ///< in bits from the start
  std::size_t bits_left() const { return ok() ? end_ - at_ : 0; }

 private:
  // Takes copies: a reader whose address never leaves the decode loop lives in registers.
  [[gnu::noinline]] static std::uint64_t peek_at_end(const char* data, std::size_t size,
                                                     std::size_t at) {
    const std::size_t byte = at >> 3;
    if (byte >= size) return 0;
    char last[9] = {};
    std::memcpy(last, data + byte, size - byte);
    const unsigned shift = at & 7;
    const std::uint64_t next = static_cast<std::uint8_t>(last[8]);
    return load(last) << shift | next >> (8 - shift);
  }

  const char* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t end_ = 0;
  std::size_t at_ = 0;
};

}  // namespace prombraid::chunk
