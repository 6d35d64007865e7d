/// How a question over the HTTP API that comes back to where it began is known, as a read is by its
/// hints (query/loop_marker.h): proxies may be replicas or engines of one another.
#pragma once

#include <string>
#include <string_view>

namespace prombraid::api {

/// Goes along with every request that this room sends: the markers of the proxies it came through.
inline constexpr const char* passed_header = "X-Prombraid-Passed";

/// True where `passed`, a value of that header, names `own`, or more proxies than anybody means.
bool in_circle(std::string_view passed, std::string_view own);

/// `passed` and `own`.
std::string with_marker(std::string_view passed, std::string_view own);

}  // namespace prombraid::api
