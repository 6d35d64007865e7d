/// What of a client's request goes with each request that it causes.
#pragma once

#include <string>

#include "read/tenant.h"
#include "server/http.h"
#include "trace/request_trace.h"

namespace prombraid::read {

struct Sent {
  std::string lines{};             ///< header lines, each with its CRLF
  trace::RequestTracePtr trace{};  ///< null: nothing is traced, and nobody told of a trace
};

/// Where the request is traced, its own `traceparent` does not go on: those asked get a new one.
inline Sent sent_with(const TenantRules& rules, const server::Request& request) {
  return {passed_lines(rules, request), request.trace};
}

}  // namespace prombraid::read
