/// One address of an URL, for commands that ask once.
#pragma once

#include <string>

#include "base/error.h"
#include "discovery/endpoint.h"

namespace prombraid::app {

/// `http://host:port/path`; the path is `/api/v1/read` where there is none. A name is looked up by
/// the system's resolver, which waits. Fails with bad_request or unavailable.
Result<discovery::Endpoint> endpoint_of(const std::string& url);

}  // namespace prombraid::app
