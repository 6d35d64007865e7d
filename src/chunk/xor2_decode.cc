#include "chunk/decoders.h"
#include "chunk/start_time.h"
#include "chunk/varbit.h"
#include "chunk/xor_window.h"

namespace prombraid::chunk {

namespace {

/// Encoding 4 (Prometheus tsdb/chunkenc/xor2.go): time and value share their control bits, and
/// changes are counted from the last value that is no stale marker.
class Xor2Cursor {
 public:
  explicit Xor2Cursor(std::string_view data)
      : in(data.substr(3)), starts_(static_cast<std::uint8_t>(data[2])) {}

  BitReader in;
  Timestamp t = 0;
  DoubleBits v = 0;

  bool read(std::size_t i) {
    const bool valid = i == 0 ? first() : i == 1 ? second() : next();
    return valid && starts_.skip(i, in);
  }

 private:
  bool first() {
    if (!read_varint(in, t)) return false;
    v = in.read(64);
    if (!is_stale(v)) base_ = v;
    return true;
  }

  bool second() {
    if (!read_uvarint(in, delta_)) return false;
    step(0);
    return read_value();
  }

  /// `0` step and value as before; `10` another value; `110`, `1110`, `11110` another step and any
  /// value; `11111` a stale marker.
  bool next() {
    const std::uint64_t control = in.peek();
    const auto ones = std::min<unsigned>(std::countl_one(control), 5);
    switch (ones) {
      case 0:
        in.skip(1);
        step(0);
        v = base_;
        return true;
      case 1:
        in.skip(2);
        step(0);
        return read_change();
      case 2:
        in.skip(3);
        step(read_signed(13));
        return read_value();
      case 3:
        in.skip(4);
        step(read_signed(20));
        return read_value();
      case 4:
        in.skip(5);
        step(in.read(64));
        return read_value();
      default:
        in.skip(5);
        step(0);
        v = stale_marker;
        return true;
    }
  }

  void step(std::uint64_t change) {
    delta_ += change;
    t = static_cast<Timestamp>(static_cast<std::uint64_t>(t) + delta_);
  }

  /// Two's complement, unlike the fields of the older encodings.
  std::uint64_t read_signed(unsigned n) {
    const std::uint64_t bits = in.read(n);
    return bits >> (n - 1) != 0 ? bits - (std::uint64_t{1} << n) : bits;
  }

  /// `0` the base; `10` the window in use; `110` a new one; `111` a stale marker.
  bool read_value() {
    const std::uint64_t control = in.peek();
    const auto ones = std::min<unsigned>(std::countl_one(control), 3);
    if (ones < 2) {
      in.skip(ones + 1);
      v = base_ ^= ones == 0 ? 0 : window_.read_same(in);
      return true;
    }
    in.skip(3);
    if (ones == 2) return read_new();
    v = stale_marker;
    return true;
  }

  /// A value that is known to change: `0` the window in use, `1` a new one.
  bool read_change() {
    if (in.read(1) != 0) return read_new();
    v = base_ ^= window_.read_same(in);
    return true;
  }

  bool read_new() {
    std::uint64_t diff = 0;
    if (!window_.read_new(in, diff)) return false;
    v = base_ ^= diff;
    return true;
  }

  StartTimes starts_;
  std::uint64_t delta_ = 0;
  DoubleBits base_ = 0;
  XorReader window_;
};

/// Sample 0 takes 72 bits or more, sample 1 nine, every other one.
bool plausible(unsigned count, std::size_t bits) {
  if (count == 1) return bits >= 72;
  return bits >= 81 + std::size_t{count - 2};
}

}  // namespace

Result<void> decode_xor2(const Chunk& chunk, unsigned count, DecodedChunk& out) {
  Xor2Cursor cursor(chunk.data);
  if (!plausible(count, cursor.in.bits_left())) {
    return corrupt({chunk.encoding, 0, count}, "so many samples need more bytes");
  }
  out.histograms.clear();
  out.times.resize(count);
  out.values.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (!cursor.read(i) || !cursor.in.ok()) {
      return unreadable({chunk.encoding, i, count}, !cursor.in.ok());
    }
    out.times[i] = cursor.t;
    out.values[i] = cursor.v;
  }
  return {};
}

}  // namespace prombraid::chunk
