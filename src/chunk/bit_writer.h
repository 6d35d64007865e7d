/// Bits into bytes, most significant first, a word at a time.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "chunk/bit_reader.h"

namespace prombraid::chunk {

/// Collects 64 bits in a register before it touches memory; a writer of single bits costs five to
/// twenty times as much.
class BitWriter {
 public:
  /// The low `n` bits of `bits`, 0 <= n <= 64; those above must be zero.
  void write(std::uint64_t bits, unsigned n) {
    if (n < free_) {
      word_ = word_ << n | bits;
      free_ -= n;
      return;
    }
    // free_ is 1..64, so the shift by n - free_ is 0..63; a shift by 64 happens for an empty word
    // only, where word_ is zero and may stay so.
    const unsigned rest = n - free_;
    store((free_ == 64 ? 0 : word_ << free_) | bits >> rest);
    word_ = rest == 0 ? 0 : bits & (~std::uint64_t{0} >> (64 - rest));
    free_ = 64 - rest;
  }

  /// The bits [begin, end) of `data`.
  void append(std::string_view data, std::size_t begin, std::size_t end) {
    BitReader from(data);
    from.skip(begin);
    std::size_t left = end - begin;
    const auto some = static_cast<unsigned>(left < free_ ? left : free_);
    if (some > 0) write(from.read(some), some);
    left -= some;
    if (left == 0) return;
    std::size_t at = room(left / 64 * 8);  // once, not word by word
    if (from.position() % 8 == 0) {
      const std::size_t bytes = left / 64 * 8;
      std::memcpy(done_.data() + at, data.data() + from.position() / 8, bytes);
      from.skip(bytes * 8);
      left -= bytes * 8;
    }
    for (; left >= 64; left -= 64, at += 8) put(at, from.read(64));
    if (left > 0) write(from.read(static_cast<unsigned>(left)), static_cast<unsigned>(left));
  }

  /// Room for so many bytes in all.
  void reserve(std::size_t bytes) {
    if (bytes > done_.size()) done_.resize(bytes);
  }

  void write_byte(std::uint8_t byte) { write(byte, 8); }

  std::size_t bits() const { return size_ * 8 + (64 - free_); }
  std::size_t bytes() const { return (bits() + 7) / 8; }

  /// All bytes, the last filled up with zero bits. Leaves the writer empty.
  std::vector<char> take() {
    const std::size_t size = bytes();
    if (free_ != 64) store(word_ << free_);
    done_.resize(size);
    size_ = 0;
    word_ = 0;
    free_ = 64;
    return std::exchange(done_, {});
  }

 private:
  void store(std::uint64_t word) { put(room(sizeof word), word); }

  /// Where the next `more` bytes go, which are part of what is done then.
  std::size_t room(std::size_t more) {
    if (more > done_.size() - size_) [[unlikely]]
      done_.resize(std::max(size_ + more, 2 * done_.size()));
    return std::exchange(size_, size_ + more);
  }
  void put(std::size_t at, std::uint64_t word) {
    const std::uint64_t big = __builtin_bswap64(word);
    std::memcpy(done_.data() + at, &big, sizeof big);
  }

  static_assert(std::endian::native == std::endian::little);

  std::vector<char> done_;  ///< and room behind
  std::size_t size_ = 0;
  std::uint64_t word_ = 0;  ///< its low 64 - free_ bits wait to be stored
  unsigned free_ = 64;
};

}  // namespace prombraid::chunk
