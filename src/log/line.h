/// The text of one log line, without its newline.
#pragma once

#include <string>
#include <string_view>

#include "log/log.h"

namespace prombraid::log {

/// A line fits a pipe's atomic write (PIPE_BUF, 4096 on Linux), so that lines of several threads
/// never mix and a write that poll() allows never waits. Each value ends at `value_bytes` of
/// output with `...`; fields that would pass `line_bytes` are left out, and `truncated=true` says
/// so.
inline constexpr std::size_t value_bytes = 1024;
inline constexpr std::size_t line_bytes = 4000;

/// `time` is RFC 3339 in UTC. Newlines, quotes and control bytes are escaped; bytes that are not
/// UTF-8 become U+FFFD in both formats.
std::string format_line(Format format, std::string_view time, Level level, std::string_view message,
                        Fields fields);

}  // namespace prombraid::log
