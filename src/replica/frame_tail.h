/// The bytes behind the last whole frame of a stream: what a server that fails midway writes there
/// is the only word about it (Prometheus web/api/v1, http.Error after the first frame).
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "replica/said.h"
#include "wire/varint.h"

namespace prombraid::replica {

/// Follows a FrameReader: tell it each piece that is fed and each message that comes out. It keeps
/// the last piece as a view, and at most 1 KiB of what came before.
class FrameTail {
 public:
  /// Lets go of the last piece, whose bytes the next read overwrites, one without a piece too.
  void keep() {
    const std::string_view rest = piece_.substr(std::min(skip_, piece_.size()));
    before_ += rest.size();
    kept_.append(rest.substr(0, max_said - kept_.size()));
    piece_ = {};
    skip_ = 0;
  }

  void piece(std::string_view piece) {
    keep();
    piece_ = piece;
  }

  void message(std::size_t bytes) {
    const std::size_t frame = wire::varint_size(bytes) + 4 + bytes;
    skip_ += frame - std::min(frame, before_);
    before_ = 0;
    kept_.clear();
  }

  /// What is behind the last frame, at most 1 KiB of it. Valid as long as the last piece.
  std::string text() const {
    const std::string_view rest = piece_.substr(std::min(skip_, piece_.size()));
    return kept_ + std::string(rest.substr(0, max_said - kept_.size()));
  }

  /// How many bytes are behind the last frame.
  std::size_t size() const { return before_ + piece_.size() - std::min(skip_, piece_.size()); }

 private:
  std::string_view piece_;
  std::size_t skip_ = 0;    // bytes of piece_ that belong to whole frames
  std::string kept_;        // the beginning of what is behind the last frame, before piece_
  std::size_t before_ = 0;  // how much that was in full
};

}  // namespace prombraid::replica
