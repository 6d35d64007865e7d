/// The keys that say how the replicas of a set are reached: Prometheus's own for an HTTP client
/// (prometheus/common, config/http_config.go), which it has beside the URL of a `remote_read`.
#pragma once

#include <vector>

#include "access/options.h"
#include "config/keys.h"

namespace prombraid::config {

/// `scheme` and the keys of HTTPClientConfig. What is not supported is refused by name.
std::vector<Key> http_client_keys(access::Options& out);

/// `tls_config` of any client.
Key tls_config_key(tls::ClientOptions& out, std::string help);

/// A key under which headers with secret values are kept, `X-Key: value`, Authorization among them.
/// Those that a client sends by itself are refused.
Key secret_headers_key(std::string name, std::vector<access::ExtraHeader>& out, std::string help);

/// What can't be together. `map` is the one that the keys stand in.
Result<void> check_http_client(const YamlNode& map, const access::Options& options);

}  // namespace prombraid::config
