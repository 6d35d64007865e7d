/// How the replicas of one set are reached, as it was configured. Text alone: nothing is read here.
///
/// The words are those of prometheus/common (config/http_config.go, HTTPClientConfig).
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/secret.h"
#include "tls/options.h"

namespace prombraid::access {

/// Written out, or in a file that is read again when it changes. At most one of the two is given.
struct Credential {
  Secret text;
  std::string file;

  bool given() const { return !text.empty() || !file.empty(); }
  bool operator==(const Credential&) const = default;
};

struct BasicAuth {
  Credential username;
  Credential password;
  bool operator==(const BasicAuth&) const = default;
};

struct Authorization {
  std::string type = "Bearer";
  Credential credentials;
  bool operator==(const Authorization&) const = default;
};

/// The client credentials grant (RFC 6749 section 4.4).
struct OAuth2 {
  std::string client_id;
  Credential client_secret;
  std::string token_url;
  std::vector<std::string> scopes;
  std::vector<std::pair<std::string, std::string>> endpoint_params;
  tls::ClientOptions tls;  ///< for the token's server; nothing of the set's own holds there
  bool operator==(const OAuth2&) const = default;
};

/// One header of `http_headers` and all values it is sent with.
struct ExtraHeader {
  std::string name;
  std::vector<Credential> values;
  bool operator==(const ExtraHeader&) const = default;
};

struct Options {
  bool https = false;  ///< for addresses that name no scheme
  tls::ClientOptions tls;
  std::optional<BasicAuth> basic_auth;  ///< at most one of these three
  std::optional<Authorization> authorization;
  std::optional<OAuth2> oauth2;
  std::vector<ExtraHeader> http_headers;

  bool operator==(const Options&) const = default;
};

}  // namespace prombraid::access
