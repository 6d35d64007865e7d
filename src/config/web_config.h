/// The file of `--web.config.file`: exporter-toolkit's web configuration (docs/web-configuration.md
/// there), strictly read.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "tls/options.h"

namespace prombraid::config {

/// A request takes a token; there are `burst` at most, and a new one each `interval`.
struct RateLimit {
  std::chrono::nanoseconds interval{0};
  unsigned burst = 0;
  bool operator==(const RateLimit&) const = default;
};

struct WebConfig {
  std::optional<tls::ServerOptions> tls;                     ///< nothing: plain HTTP
  std::vector<std::pair<std::string, std::string>> headers;  ///< security headers of all answers
  std::map<std::string, std::string> basic_auth_users;       ///< bcrypt hashes by name
  std::optional<RateLimit> rate_limit;

  bool operator==(const WebConfig&) const = default;
};

/// Reads `file`, whose own folder is where relative paths in it begin. Fails with bad_request (its
/// content: FILE:LINE, the key and the cure) or unavailable. The certificates are not read here.
Result<WebConfig> read_web_config(const std::string& file);

/// The same from text; `file` names it in errors.
Result<WebConfig> parse_web_config(const std::string& text, const std::string& file);

}  // namespace prombraid::config
