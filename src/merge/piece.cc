#include "merge/piece.h"

#include <tuple>

namespace prombraid::merge {

const char* name_of(Reason reason) {
  return reason == Reason::leader ? "leader" : "filled";
}

bool Piece::operator==(const Piece& other) const {
  const auto all = [](const Piece& p) {
    return std::tie(p.strand, p.chunk, p.first, p.count, p.reason, p.whole, p.min_time, p.max_time);
  };
  return all(*this) == all(other);
}

}  // namespace prombraid::merge
