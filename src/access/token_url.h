/// Where an OAuth2 token is fetched.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace prombraid::access {

struct TokenUrl {
  bool https = false;
  std::string host;  ///< a name or an IP address without brackets
  std::uint16_t port = 0;
  std::string path;  ///< begins with `/`; a query behind it
};

/// `https://idp.example.org/oauth/token`: 443 and 80 are the default ports. Fails with bad_request
/// for anything else, for a user or password in it too.
Result<TokenUrl> parse_token_url(std::string_view text);

}  // namespace prombraid::access
