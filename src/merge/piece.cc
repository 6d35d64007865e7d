#include "merge/piece.h"

namespace prombraid::merge {

const char* name_of(Reason reason) {
  return reason == Reason::leader ? "leader" : "filled";
}

}  // namespace prombraid::merge
