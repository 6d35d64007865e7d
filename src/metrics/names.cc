#include <array>
#include <string_view>

#include "metrics/counters.h"

namespace prombraid::metrics {

namespace {

/// A table with a name for each enumerator, checked for length when it is compiled.
template <class E, std::size_t N>
const char* pick(const char* const (&names)[N], E e) {
  static_assert(N == static_cast<std::size_t>(E::count_));
  const auto i = static_cast<std::size_t>(e);
  return i < N ? names[i] : "other";
}

}  // namespace

const char* name_of(Outcome outcome) {
  static constexpr const char* names[] = {"ok",    "partial",     "bad_request",
                                          "limit", "unavailable", "aborted",
                                          "loop",  "canceled",    "internal"};
  return pick(names, outcome);
}

const char* name_of(ResponseType type) {
  static constexpr const char* names[] = {"none", "samples", "streamed_xor_chunks"};
  return pick(names, type);
}

const char* name_of(Limit limit) {
  static constexpr const char* names[] = {
      "request_bytes", "queries",     "matchers",     "series",         "labels", "label_bytes",
      "samples",       "frame_bytes", "series_bytes", "response_bytes", "memory"};
  return pick(names, limit);
}

const char* name_of(PartialReason reason) {
  static constexpr const char* names[] = {"replica_failed", "replica_lost_midway", "straggler"};
  return pick(names, reason);
}

}  // namespace prombraid::metrics
