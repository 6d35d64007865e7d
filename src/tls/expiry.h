/// How long certificates hold.
#pragma once

#include <cstdint>

#include "base/error.h"
#include "tls/options.h"

namespace prombraid::tls {

/// When the first of all certificates in `pem` expires, an issuer's as well as one's own: seconds
/// since the epoch. Errors as of `certificates` (pem.h).
Result<std::int64_t> expires_at(const Pem& pem);

}  // namespace prombraid::tls
