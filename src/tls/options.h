/// What TLS is told, on either side. Text alone: nothing is read or checked here.
///
/// The words are those of prometheus/common (config/http_config.go, TLSConfig) for clients and of
/// prometheus/exporter-toolkit (web/tls_config.go, TLSConfig) for servers.
#pragma once

#include <string>
#include <vector>

namespace prombraid::tls {

/// Certificates or a key in PEM: written out, or in a file that is read again when it changes. At
/// most one of the two is given.
struct Pem {
  std::string text;
  std::string file;

  bool given() const { return !text.empty() || !file.empty(); }
  bool operator==(const Pem&) const = default;
};

/// What came before is forbidden by RFC 8996.
enum class Version { tls12, tls13 };

struct ClientOptions {
  Pem ca;           ///< whom to trust; none: the system's authorities
  Pem certificate;  ///< of this side, the issuers that lead to the authority behind it
  Pem key;
  std::string server_name;  ///< the name to send and to verify; empty: the one that was asked for
  bool insecure_skip_verify = false;
  Version min_version = Version::tls12;
  Version max_version = Version::tls13;

  bool operator==(const ClientOptions&) const = default;
};

/// crypto/tls's ClientAuthType. Only the last one keeps strangers out.
enum class ClientAuth { none, request, require_any, verify_if_given, require_and_verify };

struct ServerOptions {
  Pem certificate;
  Pem key;
  Pem client_ca;
  ClientAuth client_auth = ClientAuth::none;
  /// Where not empty, a client's certificate must hold one of these as DNS name, IP address, e-mail
  /// address or URI.
  std::vector<std::string> client_allowed_sans;
  Version min_version = Version::tls12;
  Version max_version = Version::tls13;
  std::vector<std::string> ciphers;  ///< of TLS 1.2, by OpenSSL's names; empty: OpenSSL's choice
  std::vector<std::string> curves;   ///< by OpenSSL's names; empty: OpenSSL's choice
  bool prefer_server_ciphers = true;

  bool operator==(const ServerOptions&) const = default;
};

}  // namespace prombraid::tls
