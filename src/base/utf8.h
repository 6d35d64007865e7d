/// UTF-8 as the text that leaves this process must be: in logs, metrics and errors.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace prombraid {

/// The length of the valid UTF-8 character that `text` begins with (RFC 3629: no overlong forms,
/// no surrogates, nothing above U+10FFFF); 0 where it begins with none.
std::size_t utf8_length(std::string_view text);

/// `text` with U+FFFD in place of each byte that belongs to no valid character.
std::string valid_utf8(std::string_view text);

}  // namespace prombraid
