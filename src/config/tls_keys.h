/// The keys of TLS that the files have in common.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/keys.h"
#include "tls/options.h"

namespace prombraid::config {

/// `tls_config` of a client (prometheus/common, TLSConfig).
std::vector<Key> tls_client_keys(tls::ClientOptions& out);
/// What can't be together in it. `map` is where it stands.
Result<void> check_tls_client(const YamlNode& map, const tls::ClientOptions& options);

/// `tls_server_config` (exporter-toolkit, TLSConfig).
std::vector<Key> tls_server_keys(tls::ServerOptions& out);
Result<void> check_tls_server(const YamlNode& map, const tls::ServerOptions& options);

/// A key for PEM text: `cert`, and `cert_file` beside it. A private key's text is a secret.
Key pem_key(std::string name, tls::Pem& out, bool secret, std::string help);
Key pem_file_key(std::string name, tls::Pem& out, std::string help);

/// A map that is only there where it was given; an empty one counts as not given.
template <class T>
Key optional_map_key(std::string name, std::optional<T>& out, std::vector<Key> (*table)(T&),
                     Result<void> (*check)(const YamlNode&, const T&), std::string help) {
  Key key{std::move(name), ValueType::map, std::move(help), {}};
  key.set = [&out, table, check](const YamlNode& node) -> Result<void> {
    if (node.kind == YamlNode::Kind::nothing) return {};
    T read;
    if (auto done = read_keys(node, table(read)); done.has_error()) return done;
    if (auto fits = check(node, read); fits.has_error()) return fits;
    out = std::move(read);
    return {};
  };
  key.inner = keys_of(table);
  return key;
}

}  // namespace prombraid::config
