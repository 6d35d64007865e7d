/// What of a client's request goes with the reads that it causes, and what they are held to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "series/matcher.h"
#include "server/http.h"

namespace prombraid::read {

/// As it was configured.
struct TenantRules {
  std::vector<std::string> pass_headers;  ///< names; no other field of a request is passed on

  /// Where not empty, every query gets the equality matcher `enforced="..."`.
  std::string enforced;
  std::string header;  ///< the field that brings its value; empty: `value` does
  std::string value;
};

/// The header lines to pass on, each with its CRLF, in the order in which they are configured. The
/// server takes no field with a line break in it. Those of a trace are left out where the request
/// is traced here.
std::string passed_lines(const TenantRules& rules, const server::Request& request);

/// The matcher that every query of the request must be given; nothing where none is configured.
/// Whoever answers anything about series asks for it. Fails with bad_request where the field is
/// missing, empty, there twice, not UTF-8 or longer than 1 KiB: each could be a way around.
Result<std::optional<Matcher>> enforced_matcher(const TenantRules& rules,
                                                const server::Request& request);

}  // namespace prombraid::read
