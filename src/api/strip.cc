#include "api/strip.h"

#include <algorithm>

#include "merge/times.h"

namespace prombraid::api {

const char* name_of(Presence presence) {
  switch (presence) {
    case Presence::live:
      return "live";
    case Presence::hole:
      return "hole";
    case Presence::stale:
      return "stale";
  }
  return "hole";
}

std::vector<StripPart> strip_of(std::uint32_t strand, const merge::Explanation& seen,
                                TimeRange range) {
  const merge::Presence* presence = seen.of(strand);
  if (presence == nullptr || presence->samples == 0) {
    return {{range.start, range.end, Presence::hole}};
  }
  std::vector<StripPart> out;
  Timestamp at = range.start;
  const auto add = [&](Timestamp to, Presence what) {
    to = std::clamp(to, at, range.end);
    if (to > at) out.push_back({at, to, what});
    at = to;
  };
  for (const merge::Hole& hole : seen.holes) {
    if (hole.strand != strand) continue;
    if (hole.last_before != merge::first_time) add(hole.last_before, Presence::live);
    add(hole.first_after == merge::last_time ? range.end : hole.first_after,
        hole.marked ? Presence::stale : Presence::hole);
  }
  add(range.end, Presence::live);
  return out;
}

}  // namespace prombraid::api
