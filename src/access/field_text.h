/// What may stand in a header that this side sends.
#pragma once

#include <string>
#include <string_view>

namespace prombraid::access {

/// A field's value (RFC 9110 section 5.5): no control characters but the tab. A line break would
/// begin another header.
bool fits_field(std::string_view value);

/// A field's name (RFC 9110 section 5.6.2): a token.
bool is_field_name(std::string_view name);

/// `Content-Type` for `content-type`, as Go's textproto writes it.
std::string canonical_field_name(std::string_view name);

/// Base64 of RFC 4648 section 4, with padding: `Authorization: Basic`.
std::string base64(std::string_view bytes);

/// application/x-www-form-urlencoded, one name or value: as Go's url.QueryEscape.
std::string form_escaped(std::string_view text);

}  // namespace prombraid::access
