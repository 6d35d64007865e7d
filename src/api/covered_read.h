/// A read for who asks how it comes about: every series with what each replica had of it.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "api/covered.h"
#include "base/error.h"
#include "read/sent.h"
#include "read/thread_context.h"
#include "wire/request.h"

namespace prombraid::api {

/// Gives false where it wants no more. The memory of what it makes is its own matter.
using Show = std::function<bool(const Covered& series)>;

/// What of the request that asks holds for the read that it causes (read/tenant.h).
struct Asker {
  std::optional<Matcher> enforced;
  read::Sent sent;
};

/// Reads as `/api/v1/read` does, one query, under the same limits, and shows each series of the
/// answer in label order. At most `conflicts` disagreements of a series are listed. Errors as of a
/// read: bad_request, loop, unavailable, limit (a series that --read.memory-limit does not hold).
boost::asio::awaitable<Result<CoveredRead>> read_covered(read::ThreadContext& context,
                                                         wire::ReadRequest request, Asker asker,
                                                         std::size_t most_series,
                                                         std::size_t conflicts, Show show);

}  // namespace prombraid::api
