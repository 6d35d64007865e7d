#include "config/tls_keys.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "config/nearest.h"

namespace prombraid::config {

namespace {

using tls::ClientAuth;
using tls::Version;

struct Named {
  const char* name;     ///< Go's
  const char* openssl;  ///< empty: nothing to choose
};

/// What Go's tls.CipherSuites gives (crypto/tls/cipher_suites.go). Those of TLS 1.3 can't be chosen
/// there, so they are taken and change nothing.
constexpr Named ciphers[] = {
    {"TLS_AES_128_GCM_SHA256", ""},
    {"TLS_AES_256_GCM_SHA384", ""},
    {"TLS_CHACHA20_POLY1305_SHA256", ""},
    {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "ECDHE-ECDSA-AES128-SHA"},
    {"TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", "ECDHE-ECDSA-AES256-SHA"},
    {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "ECDHE-RSA-AES128-SHA"},
    {"TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "ECDHE-RSA-AES256-SHA"},
    {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"},
    {"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384"},
    {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256"},
    {"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "ECDHE-RSA-AES256-GCM-SHA384"},
    {"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-RSA-CHACHA20-POLY1305"},
    {"TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"},
};

constexpr Named curves[] = {
    {"CurveP256", "P-256"}, {"CurveP384", "P-384"}, {"CurveP521", "P-521"}, {"X25519", "X25519"}};

template <std::size_t N>
std::vector<std::string> names_of(const Named (&table)[N]) {
  std::vector<std::string> names;
  for (const Named& one : table) names.push_back(one.name);
  return names;
}

/// A list of Go's names, kept by OpenSSL's.
template <std::size_t N>
Key named_key(std::string name, std::vector<std::string>& out, const Named (&table)[N],
              std::string help) {
  Key key{std::move(name), ValueType::texts, std::move(help), {}};
  key.choices = names_of(table);
  key.set = [&out, &table](const YamlNode& node) -> Result<void> {
    auto items = node.as_list();
    if (items.has_error()) return std::move(items).error();
    for (const YamlEntry& item : **items) {
      auto text = item.value.as_text();
      if (text.has_error()) return std::move(text).error();
      const auto found = std::find_if(std::begin(table), std::end(table),
                                      [&](const Named& one) { return *text == one.name; });
      if (found == std::end(table)) {
        const std::string nearest = nearest_of(names_of(table), *text);
        return item.value.error("unknown name" +
                                (nearest.empty() ? "" : ", did you mean " + nearest + "?"));
      }
      if (*found->openssl != '\0') out.push_back(found->openssl);
    }
    return {};
  };
  return key;
}

Key version_key(std::string name, Version& out, std::string help) {
  Key key =
      choice_key<Version>(std::move(name), out,
                          {{"TLS12", Version::tls12}, {"TLS13", Version::tls13}}, std::move(help));
  key.set = [set = key.set](const YamlNode& node) -> Result<void> {
    if (node.scalar == "TLS10" || node.scalar == "TLS11") {
      return node.error(node.scalar + " is not spoken (RFC 8996 forbids it); write TLS12 or TLS13");
    }
    return set(node);
  };
  return key;
}

Result<void> check_pem(const YamlNode& map, const tls::Pem& pem, const std::string& name) {
  if (pem.text.empty() || pem.file.empty()) return {};
  return map.error("has both " + name + " and " + name + "_file; leave one of them out");
}

Result<void> check_versions(const YamlNode& map, Version min, Version max) {
  if (min <= max) return {};
  return map.error("min_version is above max_version");
}

}  // namespace

Key pem_key(std::string name, tls::Pem& out, bool secret, std::string help) {
  Key key{std::move(name), secret ? ValueType::secret : ValueType::text, std::move(help), {}};
  key.set = [&out](const YamlNode& node) -> Result<void> {
    auto text = node.as_secret();
    if (text.has_error()) return std::move(text).error();
    out.text = text->reveal();
    return {};
  };
  return key;
}

Key pem_file_key(std::string name, tls::Pem& out, std::string help) {
  return path_key(std::move(name), out.file, std::move(help));
}

namespace {

void add(std::vector<Key>& keys, std::vector<Key> more) {
  keys.insert(keys.end(), std::make_move_iterator(more.begin()),
              std::make_move_iterator(more.end()));
}

/// A certificate, called `what` in the help, and its key.
void add_pair(std::vector<Key>& keys, tls::Pem& certificate, tls::Pem& key,
              const std::string& what) {
  add(keys,
      {
          pem_key("cert", certificate, false, "The " + what + ", in PEM."),
          pem_file_key("cert_file", certificate,
                       "A file with the " + what +
                           ", followed by its issuers, in PEM; read again when it changes."),
          pem_key("key", key, true, "The certificate's private key, in PEM."),
          pem_file_key(
              "key_file", key,
              "A file with the certificate's private key, in PEM; read again when it changes."),
      });
}

}  // namespace

std::vector<Key> tls_client_keys(tls::ClientOptions& out) {
  std::vector<Key> keys = {
      pem_key("ca", out.ca, false, "The authorities to trust, in PEM."),
      pem_file_key("ca_file", out.ca,
                   "A file with the authorities to trust, in PEM; read again when it changes. "
                   "Without either those of the system are trusted."),
  };
  add_pair(keys, out.certificate, out.key, "certificate to show");
  add(keys,
      {
          text_key(
              "server_name", out.server_name,
              "The name to ask for and to verify. Without it the name in the address, or the IP "
              "address where the address is one."),
          bool_key("insecure_skip_verify", out.insecure_skip_verify,
                   "Verify nothing: whoever answers gets the credentials."),
          version_key("min_version", out.min_version, "The lowest version of TLS to speak."),
          version_key("max_version", out.max_version, "The highest version of TLS to speak."),
      });
  return keys;
}

Result<void> check_tls_client(const YamlNode& map, const tls::ClientOptions& options) {
  for (const auto& [pem, name] :
       {std::pair(&options.ca, "ca"), {&options.certificate, "cert"}, {&options.key, "key"}}) {
    if (auto fits = check_pem(map, *pem, name); fits.has_error()) return fits;
  }
  if (options.certificate.given() && !options.key.given()) {
    return map.error("has a certificate and no key; add key_file");
  }
  if (options.key.given() && !options.certificate.given()) {
    return map.error("has a key and no certificate; add cert_file");
  }
  return check_versions(map, options.min_version, options.max_version);
}

std::vector<Key> tls_server_keys(tls::ServerOptions& out) {
  std::vector<Key> keys;
  add_pair(keys, out.certificate, out.key, "server's certificate");
  add(keys,
      {
          pem_key("client_ca", out.client_ca, false, "The authorities of clients, in PEM."),
          pem_file_key(
              "client_ca_file", out.client_ca,
              "A file with the authorities of clients, in PEM; read again when it changes."),
          choice_key<ClientAuth>("client_auth_type", out.client_auth,
                                 {{"NoClientCert", ClientAuth::none},
                                  {"RequestClientCert", ClientAuth::request},
                                  {"RequireAnyClientCert", ClientAuth::require_any},
                                  {"RequireClientCert", ClientAuth::require_any},
                                  {"VerifyClientCertIfGiven", ClientAuth::verify_if_given},
                                  {"RequireAndVerifyClientCert", ClientAuth::require_and_verify}},
                                 "Which certificate a client must show. Only the last one keeps "
                                 "strangers out."),
          texts_key(
              "client_allowed_sans", out.client_allowed_sans,
              "A client's certificate must hold one of these as a DNS name, IP address, e-mail "
              "address or URI."),
          version_key("min_version", out.min_version, "The lowest version of TLS to speak."),
          version_key("max_version", out.max_version, "The highest version of TLS to speak."),
          named_key("cipher_suites", out.ciphers, ciphers,
                    "The cipher suites of TLS 1.2, the preferred one first, by Go's names."),
          bool_key("prefer_server_cipher_suites", out.prefer_server_ciphers,
                   "Choose the cipher suite by the server's order."),
          named_key("curve_preferences", out.curves, curves,
                    "The curves of the key exchange, the preferred one first, by Go's names."),
      });
  return keys;
}

Result<void> check_tls_server(const YamlNode& map, const tls::ServerOptions& options) {
  for (const auto& [pem, name] : {std::pair(&options.certificate, "cert"),
                                  {&options.key, "key"},
                                  {&options.client_ca, "client_ca"}}) {
    if (auto fits = check_pem(map, *pem, name); fits.has_error()) return fits;
  }
  if (!options.certificate.given()) return map.error("needs cert_file (or cert)");
  if (!options.key.given()) return map.error("needs key_file (or key)");
  const bool asks = options.client_auth != ClientAuth::none;
  if (options.client_ca.given() && !asks) {
    return map.error(
        "has authorities of clients and no client_auth_type; write "
        "client_auth_type: RequireAndVerifyClientCert");
  }
  if (!options.client_allowed_sans.empty() && !asks) {
    return map.error(
        "has client_allowed_sans and no client_auth_type; write "
        "client_auth_type: RequireAndVerifyClientCert");
  }
  return check_versions(map, options.min_version, options.max_version);
}

}  // namespace prombraid::config
