/// A walk over the samples of an XOR chunk, for decoding and for finding where to cut.
#pragma once

#include <cstdint>
#include <string_view>

#include "chunk/bit_reader.h"
#include "chunk/varbit.h"
#include "chunk/xor_walk.h"
#include "chunk/xor_window.h"

namespace prombraid::chunk {

/// Encoding 1 (Prometheus tsdb/chunkenc/xor.go).
class XorCursor {
 public:
  /// `chunk`: all of it, with its count of two bytes.
  explicit XorCursor(std::string_view chunk) : chunk_(chunk) { state_.at = 16; }
  /// Goes on behind a sample, `after` it, that is not the chunk's first.
  XorCursor(std::string_view chunk, const XorState& after) : chunk_(chunk), state_(after) {}

  /// After the last sample read.
  const XorState& state() const { return state_; }
  std::string_view chunk() const { return chunk_; }

  /// Reads the samples `from`, which is the next one, to before `to`, and gives them to `rows`
  /// (xor_walk.h). Gives the first that could not be read or that `rows` refused, or `to`.
  template <class Rows>
  std::size_t advance(std::size_t from, std::size_t to, Rows& rows) {
    for (; from < 2 && from < to; ++from) {
      if (!(from == 0 ? first() : second(rows)) || data_ended()) return from;
      rows.put(from, state_.t, state_.v, state_.at);
    }
    if (from == to) return to;
    XorWalk<Rows> walk(chunk_, rows);
    const std::size_t read = walk.run(state_, from, to);
    rows = walk.rows();
    return read;
  }

  /// Why a sample could not be read: its bits were not all there.
  bool data_ended() const { return state_.at > chunk_.size() * 8; }

 private:
  BitReader reader() const {
    BitReader in(chunk_);
    in.skip(state_.at);
    return in;
  }

  bool first() {
    BitReader in = reader();
    if (!read_varint(in, state_.t)) return false;
    state_.v = in.read(64);
    state_.at = in.position();
    return true;
  }

  template <class Rows>
  bool second(Rows& rows) {
    BitReader in = reader();
    if (!read_uvarint(in, state_.delta)) return false;
    XorReader value;
    std::uint64_t diff = 0;
    if (!value.read(in, diff)) return false;
    state_.step();
    state_.v ^= diff;
    state_.width = value.window().width();
    state_.trailing = value.window().trailing;
    state_.at = in.position();
    rows.step(state_.delta);
    const bool told = diff != 0 || state_.width != 64;
    return !told || rows.window(state_.width, state_.trailing);
  }

  std::string_view chunk_;
  XorState state_;
};

}  // namespace prombraid::chunk
