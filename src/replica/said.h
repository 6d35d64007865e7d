/// What a replica wrote, made fit for a log line or an error.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace prombraid::replica {

/// No more than this of a replica's own words is ever kept.
inline constexpr std::size_t max_said = 1024;

/// At most `limit` bytes of `text` as one printable line: white space becomes spaces, what is not
/// printable ASCII or UTF-8 a dot; trailing spaces go.
std::string printable(std::string_view text, std::size_t limit = max_said);

/// True where a person wrote it: printable ASCII or UTF-8 and white space from end to end. A last
/// character that is cut off does not count against it.
bool is_text(std::string_view bytes);

}  // namespace prombraid::replica
