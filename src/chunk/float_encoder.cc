#include "chunk/float_encoder.h"

#include <cassert>

#include "chunk/varbit.h"

namespace prombraid::chunk {

namespace {

/// The change of the time step, as XorCursor reads it.
void write_step_change(std::int64_t change, BitWriter& out) {
  const auto bits = static_cast<std::uint64_t>(change);
  if (change == 0) {
    out.write(0, 1);
  } else if (fits_biased(change, 14)) {
    out.write(0b10u << 14 | low_bits(bits, 14), 16);
  } else if (fits_biased(change, 17)) {
    out.write(0b110u << 17 | low_bits(bits, 17), 20);
  } else if (fits_biased(change, 20)) {
    out.write(0b1110u << 20 | low_bits(bits, 20), 24);
  } else {
    out.write(0b1111, 4);
    out.write(bits, 64);
  }
}

}  // namespace

void FloatEncoder::append(Timestamp t, DoubleBits v) {
  assert(size_ < max_chunk_samples);
  if (size_ == 0) {
    out_.write(0, 16);  // the count, known in the end
    write_varint(t, out_);
    out_.write(v, 64);
    first_time_ = t;
  } else {
    const std::uint64_t delta =
        static_cast<std::uint64_t>(t) - static_cast<std::uint64_t>(last_time_);
    if (size_ == 1) {
      write_uvarint(delta, out_);
    } else {
      write_step_change(static_cast<std::int64_t>(delta - delta_), out_);
    }
    value_.write(v ^ last_value_, out_);
    delta_ = delta;
  }
  last_time_ = t;
  last_value_ = v;
  ++size_;
}

EncodedChunk FloatEncoder::finish() {
  EncodedChunk out = seal(out_, size_, {first_time_, last_time_, Encoding::xor_float, {}});
  *this = FloatEncoder();
  return out;
}

}  // namespace prombraid::chunk
