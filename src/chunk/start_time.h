/// Start timestamps inside the encodings 4 to 6. They are read past: neither SAMPLES answers nor
/// the encodings that every client knows can carry them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "chunk/bit_reader.h"
#include "chunk/varbit.h"

namespace prombraid::chunk {

/// Prometheus tsdb/chunkenc/st.go. The head's byte says whether sample 0 has one, and from which
/// sample on every sample has. That number is 127 in every longer chunk, with or without start
/// timestamps.
class StartTimes {
 public:
  explicit StartTimes(std::uint8_t head) : first_known_((head & 0x80) != 0), from_(head & 0x7f) {}

  /// Behind what else sample `i` has. False where it is not valid.
  bool skip(std::size_t i, BitReader& in) const {
    if (i == 0) {
      std::int64_t ignored = 0;
      return !first_known_ || read_varint(in, ignored);
    }
    if (from_ != 0 && i >= from_) read_varbit_int(in);
    return true;
  }

 private:
  bool first_known_;
  unsigned from_;
};

}  // namespace prombraid::chunk
