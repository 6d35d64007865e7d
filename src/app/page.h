/// The web page at `/`, part of the program: one document without outside assets.
#pragma once

#include <string_view>

namespace prombraid::app {

/// It asks `api/v1/status/replicas` and `api/v1/coverage`, relative to where it is.
std::string_view page_html();

/// Its Content-Security-Policy: nothing runs but its own script, nothing is loaded but from here.
std::string_view page_policy();

}  // namespace prombraid::app
