#include "base/error.h"

namespace prombraid {

const char* name_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::bad_request:
      return "bad_request";
    case ErrorKind::limit:
      return "limit";
    case ErrorKind::corrupt:
      return "corrupt";
    case ErrorKind::unsupported:
      return "unsupported";
    case ErrorKind::unavailable:
      return "unavailable";
    case ErrorKind::timeout:
      return "timeout";
    case ErrorKind::loop:
      return "loop";
    case ErrorKind::internal:
      return "internal";
  }
  return "unknown";
}

}  // namespace prombraid
