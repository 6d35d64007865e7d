/// The one shape that every answer of the HTTP API has (Prometheus web/api/v1/api.go, Response).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "base/error.h"
#include "server/http.h"

namespace prombraid::api {

/// `{"status":"success","data":DATA,"warnings":[...]}`. `data` is JSON; no warnings, no field.
server::Response success(std::string_view data, const std::vector<std::string>& warnings = {});
server::Response success_with(const boost::json::value& data);

/// `{"status":"error","errorType":"...","error":"..."}` with the status that Prometheus gives a
/// failure of this kind: 400 bad_data, 422 execution (a limit), 503 unavailable and timeout,
/// 508 and 500 internal.
server::Response failure(const Error& error);
server::Response failure(unsigned status, std::string_view type, std::string_view what);

/// `text` as a JSON string, quotes included. What is no UTF-8 becomes U+FFFD: a JSON text has no
/// other way to hold it.
std::string quoted(std::string_view text);

}  // namespace prombraid::api
