#include "config/web_config.h"

#include <doctest/doctest.h>

namespace prombraid::config {
namespace {

constexpr const char* hash = "$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG";

WebConfig good(const std::string& text) {
  const auto config = parse_web_config(text, "dir/web.yml");
  REQUIRE_MESSAGE(config.has_value(), config.error().what);
  return *config;
}

/// A server's options with `more` beside what it must have.
tls::ServerOptions server(const std::string& more) {
  return *good("tls_server_config: {cert_file: c, key_file: k, " + more + "}").tls;
}

}  // namespace

TEST_CASE("a whole web configuration") {
  const WebConfig config = good(
      "tls_server_config:\n  cert_file: cert.pem\n  key_file: /etc/key.pem\n"
      "http_server_config:\n  http2: false\n  headers:\n    X-Frame-Options: deny\n"
      "basic_auth_users:\n  anna: " +
      std::string(hash) + "\nrate_limit:\n  interval: 10ms\n  burst: 5\n");
  REQUIRE(config.tls.has_value());
  CHECK(config.tls->certificate.file == "dir/cert.pem");
  CHECK(config.tls->key.file == "/etc/key.pem");
  CHECK(config.tls->min_version == tls::Version::tls12);
  CHECK(config.tls->prefer_server_ciphers);
  CHECK(config.headers ==
        std::vector<std::pair<std::string, std::string>>{{"X-Frame-Options", "deny"}});
  CHECK(config.basic_auth_users.at("anna") == hash);
  CHECK(config.rate_limit == RateLimit{std::chrono::milliseconds(10), 5});
}

TEST_CASE("an empty file, and parts that say nothing") {
  CHECK(good("") == WebConfig());
  CHECK(good("tls_server_config:\nbasic_auth_users:\nrate_limit:\n") == WebConfig());
  CHECK(!good("rate_limit: {interval: 0, burst: 0}").rate_limit);
}

TEST_CASE("the effect of each key of tls_server_config") {
  CHECK(good("tls_server_config: {cert: C, key: K}").tls->certificate.text == "C");
  CHECK(good("tls_server_config: {cert: C, key: K}").tls->key.text == "K");
  CHECK(server("client_ca: A, client_auth_type: RequireAndVerifyClientCert").client_ca.text == "A");
  CHECK(server("client_ca_file: a, client_auth_type: RequireAndVerifyClientCert").client_ca.file ==
        "dir/a");
  CHECK(server("client_auth_type: NoClientCert").client_auth == tls::ClientAuth::none);
  CHECK(server("client_auth_type: RequestClientCert").client_auth == tls::ClientAuth::request);
  CHECK(server("client_auth_type: RequireClientCert").client_auth == tls::ClientAuth::require_any);
  CHECK(server("client_auth_type: RequireAnyClientCert").client_auth ==
        tls::ClientAuth::require_any);
  CHECK(server("client_auth_type: VerifyClientCertIfGiven").client_auth ==
        tls::ClientAuth::verify_if_given);
  CHECK(server("client_auth_type: RequireAndVerifyClientCert, client_allowed_sans: [a, b]")
            .client_allowed_sans == std::vector<std::string>{"a", "b"});
  CHECK(server("min_version: TLS13").min_version == tls::Version::tls13);
  CHECK(server("max_version: TLS12").max_version == tls::Version::tls12);
  CHECK(server("cipher_suites: [TLS_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384]")
            .ciphers == std::vector<std::string>{"ECDHE-RSA-AES256-GCM-SHA384"});
  CHECK(server("curve_preferences: [X25519, CurveP256]").curves ==
        std::vector<std::string>{"X25519", "P-256"});
  CHECK(!server("prefer_server_cipher_suites: false").prefer_server_ciphers);
}

TEST_CASE("the effect of each header") {
  for (const char* name :
       {"Content-Security-Policy", "X-XSS-Protection", "Strict-Transport-Security"}) {
    CAPTURE(name);
    const auto headers = good("http_server_config: {headers: {" + std::string(name) + ": a b}}");
    CHECK(headers.headers == std::vector<std::pair<std::string, std::string>>{{name, "a b"}});
  }
  CHECK(good("http_server_config: {headers: {X-Content-Type-Options: nosniff}}").headers.size() ==
        1);
  CHECK(good("http_server_config: {headers: {X-Frame-Options: sameorigin}}").headers.size() == 1);
  CHECK(good("http_server_config: {headers: {X-XSS-Protection: ''}}").headers.empty());
}

TEST_CASE("what is refused, and where") {
  const std::string tls = "tls_server_config: {cert_file: c, key_file: k, ";
  struct Case {
    std::string text;
    std::string what;
  };
  for (const Case& c : {
           Case{"tls_server_confg: {}\n",
                "1:1: tls_server_confg: unknown key, did you mean 'tls_server_config'?"},
           {"tls_server_config: {key_file: k}\n",
            "1:20: tls_server_config: needs cert_file (or cert)"},
           {"tls_server_config: {cert_file: c}\n",
            "1:20: tls_server_config: needs key_file (or key)"},
           {"tls_server_config: {min_version: TLS13}\n",
            "1:20: tls_server_config: needs cert_file (or cert)"},
           {tls + "cert: C}", "has both cert and cert_file; leave one of them out"},
           {tls + "key: planted}", "has both key and key_file; leave one of them out"},
           {tls + "client_ca: A, client_ca_file: a}", "has both client_ca and client_ca_file"},
           {tls + "client_ca_file: a}", "has authorities of clients and no client_auth_type"},
           {tls + "client_allowed_sans: [a]}", "has client_allowed_sans and no client_auth_type"},
           {tls + "client_auth_type: Always}", "must be one of NoClientCert, RequestClientCert"},
           {tls + "min_version: TLS10}", "TLS10 is not spoken (RFC 8996 forbids it)"},
           {tls + "max_version: SSL30}", "must be one of TLS12, TLS13, not 'SSL30'"},
           {tls + "min_version: TLS13, max_version: TLS12}", "min_version is above max_version"},
           {tls + "cipher_suites: [TLS_RSA_WITH_RC4_128_SHA]}",
            "tls_server_config.cipher_suites[0]: unknown name"},
           {tls + "cipher_suites: [TLS_AES_128_GCM_SHA265]}",
            "unknown name, did you mean TLS_AES_128_GCM_SHA256?"},
           {tls + "curve_preferences: [P256]}", "curve_preferences[0]: unknown name"},
           {tls + "prefer_server_cipher_suites: yes}", "must be true or false"},
           {"http_server_config: {http2: 1}", "must be true or false"},
           {"http_server_config: {headers: {X-Powered-By: a}}",
            "http_server_config.headers.X-Powered-By: unknown key"},
           {"http_server_config: {headers: {X-Frame-Options: allow}}",
            "headers.X-Frame-Options: must be deny or sameorigin"},
           {"http_server_config: {headers: {X-Content-Type-Options: sniff}}", "must be nosniff"},
           {"http_server_config: {headers: {X-XSS-Protection: \"a\\nb\"}}",
            "holds a line break or control character"},
           {"basic_auth_users: {anna: planted}\n",
            "1:26: basic_auth_users.anna: no bcrypt hash; make one with: htpasswd -nBC 10"},
           {"basic_auth_users: {anna: "
            "$2y$31$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG}",
            "the cost of this hash must be from 4 to 18"},
           {"basic_auth_users: {anna: $1$abc$planted}", "no bcrypt hash"},
           {"basic_auth_users: {\"a:b\": " + std::string(hash) + "}",
            "a name is not empty and holds no colon"},
           {"basic_auth_users: [anna]", "must be a map, not a list"},
           {"rate_limit: {interval: 1s}", "needs a burst of at least 1"},
           {"rate_limit: {interval: 2h, burst: 1}", "must be at most 1h"},
           {"rate_limit: {interval: 1s, burst: 2000000}", "burst must be at most 1000000"},
           {"rate_limit: {interval: fast, burst: 1}", "rate_limit.interval: "},
       }) {
    CAPTURE(c.text);
    const auto config = parse_web_config(c.text, "dir/web.yml");
    REQUIRE(config.has_error());
    CHECK(config.error().what.find("dir/web.yml:") == 0);
    CHECK_MESSAGE(config.error().what.find(c.what) != std::string::npos, config.error().what);
    CHECK(config.error().what.find("planted") == std::string::npos);
  }
}

}  // namespace prombraid::config
