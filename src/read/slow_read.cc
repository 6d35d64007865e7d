#include "read/slow_read.h"

#include "base/instant.h"
#include "log/log.h"

namespace prombraid::read {

std::string first_selector(const wire::ReadRequest& request) {
  constexpr std::size_t longest = 300;
  std::string out = "{";
  if (!request.queries.empty()) {
    for (const Matcher& matcher : request.queries.front().matchers) {
      if (out.size() > longest) break;
      out += (out.size() > 1 ? "," : "") + to_string(matcher);
    }
  }
  if (out.size() <= longest) return out + "}";
  out.resize(longest);
  return out + "...";
}

void tell_slow(const ReadTally& tally, std::chrono::nanoseconds took, std::string_view outcome,
               std::string_view type) {
  const bool known = !tally.request.queries.empty();
  const TimeRange range = known ? tally.request.queries.front().range : TimeRange{};
  log::warn("slow read", {{"duration", took},
                          {"remote", tally.remote},
                          {"outcome", outcome},
                          {"type", type},
                          {"queries", tally.request.queries.size()},
                          {"selector", first_selector(tally.request)},
                          {"start", known ? instant_text(range.start) : ""},
                          {"end", known ? instant_text(range.end) : ""},
                          {"series", tally.series},
                          {"samples", tally.samples},
                          {"bytes", tally.bytes},
                          {"replicas", tally.replicas},
                          {"replicas_failed", tally.failed}});
}

}  // namespace prombraid::read
