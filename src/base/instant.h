/// Points in time as people write them. No clock: times are milliseconds since the epoch.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace prombraid {

/// `2026-03-02T01:05:00Z`, `2026-03-02T01:05:00.25+01:00` (RFC 3339; what is finer than a
/// millisecond is cut off) or seconds since the epoch, `1772413500` or `1772413500.25`. Fails with
/// bad_request.
Result<std::int64_t> parse_instant(std::string_view text);

/// RFC 3339 in UTC with milliseconds, `2026-03-02T01:05:00.250Z`; beyond the years 0 to 9999, which
/// it cannot name, the number itself: `9223372036854775807 ms`.
std::string instant_text(std::int64_t ms);

/// `1h2m3.5s`, `15s`, `0s`: a length of time in milliseconds, to the millisecond.
std::string span_text(std::uint64_t ms);

}  // namespace prombraid
