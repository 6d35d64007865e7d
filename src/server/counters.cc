#include "server/counters.h"

namespace prombraid::server {

const char* name_of(Refusal reason) {
  switch (reason) {
    case Refusal::malformed:
      return "malformed";
    case Refusal::host:
      return "host";
    case Refusal::framing:
      return "framing";
    case Refusal::coding:
      return "coding";
    case Refusal::length_required:
      return "length_required";
    case Refusal::body_limit:
      return "body_limit";
    case Refusal::target_limit:
      return "target_limit";
    case Refusal::head_limit:
      return "head_limit";
    case Refusal::version:
      return "version";
    case Refusal::expectation:
      return "expectation";
    case Refusal::timeout:
      return "timeout";
    case Refusal::memory:
      return "memory";
    case Refusal::count_:
      break;
  }
  return "unknown";
}

}  // namespace prombraid::server
