/// Which program this is.
#pragma once

#include <string>
#include <string_view>

namespace prombraid::config {

struct Version {
  std::string_view number;    ///< `0.1.0`
  std::string_view revision;  ///< of git when it was built, or `unknown`
  std::string_view compiler;  ///< `clang 19.1.7`
  std::string_view platform;  ///< `linux/amd64`
};

const Version& version();

/// What --version prints, several lines as the Prometheus servers do.
std::string version_text();

}  // namespace prombraid::config
