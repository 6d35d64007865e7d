/// What a request for a coverage map says.
#pragma once

#include <cstddef>
#include <cstdint>

#include "api/form.h"
#include "base/error.h"
#include "wire/request.h"

namespace prombraid::api {

struct CoverageAsked {
  wire::ReadRequest request;
  std::size_t limit = 20;   ///< series, up to 200
  std::size_t samples = 0;  ///< of each replica of each series, up to 2000
};

/// `match[]` (one), `start` and `end` (by default the hour before `now`, in milliseconds), `limit`
/// and `samples`. Fails with bad_request.
Result<CoverageAsked> coverage_asked(const Form& form, std::int64_t now);

}  // namespace prombraid::api
