#include "config/http_client.h"

#include <doctest/doctest.h>

namespace prombraid::config {
namespace {

Result<access::Options> read(const std::string& text) {
  auto tree = parse_yaml(text, "dir/f");
  if (tree.has_error()) return tree.error();
  access::Options out;
  if (auto done = read_keys(*tree, http_client_keys(out)); done.has_error()) return done.error();
  if (auto fits = check_http_client(*tree, out); fits.has_error()) return fits.error();
  return out;
}

access::Options good(const std::string& text) {
  const auto options = read(text);
  REQUIRE_MESSAGE(options.has_value(), options.error().what);
  return *options;
}

}  // namespace

TEST_CASE("what Prometheus has beside the URL of a remote_read") {
  const auto out = good(
      "scheme: https\n"
      "tls_config: {ca_file: ca.pem, server_name: prom}\n"
      "basic_auth: {username: anna, password_file: /run/password}\n"
      "follow_redirects: false\nenable_http2: false\n");
  CHECK(out.https);
  CHECK(out.tls.ca.file == "dir/ca.pem");
  CHECK(out.tls.server_name == "prom");
  CHECK(out.basic_auth->username.text.reveal() == "anna");
  CHECK(out.basic_auth->password.file == "/run/password");
}

TEST_CASE("nothing given is plain HTTP without credentials") {
  CHECK(good("{}") == access::Options());
  CHECK(good("scheme: http\ntls_config:\nbasic_auth:\n") == access::Options());
}

TEST_CASE("the effect of each key of tls_config") {
  const auto tls = [](const std::string& text) { return good("tls_config: {" + text + "}").tls; };
  CHECK(tls("ca: A").ca.text == "A");
  CHECK(tls("cert: C, key: K").certificate.text == "C");
  CHECK(tls("cert: C, key: K").key.text == "K");
  CHECK(tls("cert_file: c, key_file: k").certificate.file == "dir/c");
  CHECK(tls("cert_file: c, key_file: k").key.file == "dir/k");
  CHECK(tls("insecure_skip_verify: true").insecure_skip_verify);
  CHECK(tls("min_version: TLS13").min_version == tls::Version::tls13);
  CHECK(tls("max_version: TLS12").max_version == tls::Version::tls12);
}

TEST_CASE("the effect of each way to say who asks") {
  CHECK(good("basic_auth: {username_file: u}").basic_auth->username.file == "dir/u");
  CHECK(good("basic_auth: {password: p}").basic_auth->password.text.reveal() == "p");
  CHECK(good("authorization: {credentials: c}").authorization->type == "Bearer");
  CHECK(good("authorization: {type: ApiKey, credentials: c}").authorization->type == "ApiKey");
  CHECK(good("authorization: {credentials: c}").authorization->credentials.text.reveal() == "c");
  CHECK(good("authorization: {credentials_file: c}").authorization->credentials.file == "dir/c");
  CHECK(good("bearer_token: b").authorization->credentials.text.reveal() == "b");
  CHECK(good("bearer_token_file: b").authorization->credentials.file == "dir/b");
}

TEST_CASE("the effect of each key of oauth2") {
  const auto oauth2 = good(
                          "oauth2:\n  client_id: me\n  client_secret: s\n"
                          "  token_url: https://idp/token\n  scopes: [a, b]\n"
                          "  endpoint_params: {audience: prom}\n  grant_type: client_credentials\n"
                          "  tls_config: {ca_file: ca}\n")
                          .oauth2;
  REQUIRE(oauth2.has_value());
  CHECK(oauth2->client_id == "me");
  CHECK(oauth2->client_secret.text.reveal() == "s");
  CHECK(oauth2->token_url == "https://idp/token");
  CHECK(oauth2->scopes == std::vector<std::string>{"a", "b"});
  CHECK(oauth2->endpoint_params ==
        std::vector<std::pair<std::string, std::string>>{{"audience", "prom"}});
  CHECK(oauth2->tls.ca.file == "dir/ca");
  CHECK(good("oauth2: {client_id: a, token_url: 'http://i/', client_secret_file: s}")
            .oauth2->client_secret.file == "dir/s");
}

TEST_CASE("the effect of http_headers") {
  const auto headers =
      good("http_headers: {x-scope-orgid: {values: [a], secrets: [b], files: [c]}}").http_headers;
  REQUIRE(headers.size() == 1);
  CHECK(headers[0].name == "X-Scope-Orgid");
  REQUIRE(headers[0].values.size() == 3);
  CHECK(headers[0].values[0].text.reveal() == "a");
  CHECK(headers[0].values[1].text.reveal() == "b");
  CHECK(headers[0].values[2].file == "dir/c");
}

TEST_CASE("what is refused, and where") {
  const std::string oauth2 = "oauth2: {client_id: a, token_url: 'http://i/', ";
  struct Case {
    std::string text;
    std::string what;
  };
  for (const Case& c : {
           Case{"scheme: ftp", "1:9: scheme: must be one of http, https, not 'ftp'"},
           {"tls_config: {ca: A, ca_file: a}",
            "1:13: tls_config: has both ca and ca_file; leave one of them out"},
           {"tls_config: {cert_file: c}", "has a certificate and no key; add key_file"},
           {"tls_config: {key_file: c}", "has a key and no certificate; add cert_file"},
           {"tls_config: {cert: C, cert_file: c, key: planted}", "has both cert and cert_file"},
           {"tls_config: {cert: C, key_file: c, key: planted}", "has both key and key_file"},
           {"tls_config: {min_version: TLS11}", "TLS11 is not spoken"},
           {"tls_config: {min_version: TLS13, max_version: TLS12}",
            "min_version is above max_version"},
           {"tls_config: {insecure_skip_verify: maybe}", "must be true or false"},
           {"tls_config: {servername: a}", "unknown key, did you mean 'server_name'?"},
           {"basic_auth: {username: a, username_file: b}",
            "basic_auth: has both username and username_file"},
           {"basic_auth: {username: a, password: planted, password_file: b}",
            "basic_auth: has both password and password_file"},
           {"basic_auth: {username: 'a:b'}", "a username holds no colon"},
           {"basic_auth: {username: a, password: \"planted\\n\"}",
            "basic_auth.password: holds a line break"},
           {"basic_auth: {password_ref: b}", "not supported: there is no secret manager"},
           {"authorization: {type: Basic}", "Basic is not for here; use basic_auth"},
           {"authorization: {type: 'a b'}", "must be one word"},
           {"authorization: {credentials: planted, credentials_file: b}",
            "authorization: has both credentials and credentials_file"},
           {"bearer_token: planted\nbearer_token_file: b",
            "2:20: bearer_token_file: authorization says it already"},
           {"bearer_token: planted\nauthorization: {}", "bearer_token says it already"},
           {"basic_auth: {username: a}\nauthorization: {credentials: planted}",
            "has more than one of basic_auth, authorization and oauth2"},
           {"basic_auth: {username: a}\n" + oauth2 + "}", "has more than one of basic_auth"},
           {"oauth2: {token_url: 'http://i/'}", "oauth2: needs the key client_id"},
           {"oauth2: {client_id: a}", "oauth2: needs the key token_url"},
           {"oauth2: {client_id: a, token_url: 'https://u:<planted>@i/'}",
            "oauth2.token_url: a user or password does not belong here"},
           {oauth2 + "client_secret: planted, client_secret_file: b}",
            "oauth2: has both client_secret and client_secret_file"},
           {oauth2 + "scopes: a}", "oauth2.scopes: must be a list, not a text"},
           {oauth2 + "endpoint_params: [a]}", "must be a map, not a list"},
           {oauth2 + "tls_config: {cert_file: c}}", "has a certificate and no key"},
           {oauth2 + "grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer'}",
            "oauth2.grant_type: not supported: the only grant is client_credentials"},
           {oauth2 + "client_certificate_key_file: k}", "not supported: the only grant is"},
           {oauth2 + "proxy_url: 'http://p'}", "not supported: name the replicas themselves"},
           {"http_headers: {Authorization: {values: [planted]}}",
            "1:16: http_headers.Authorization: this header is not free to be set"},
           {"http_headers: {content-length: {values: ['1']}}", "this header is not free to be set"},
           {"http_headers: {'a b': {values: [a]}}", "no name of a header"},
           {"http_headers: {a: {values: [\"planted\\nb: c\"]}}",
            "http_headers.a.values[0]: holds a line break"},
           {"http_headers: {a: {value: [a]}}", "unknown key, did you mean 'values'?"},
           {"follow_redirects: true", "not supported: no redirect is followed"},
           {"enable_http2: true", "not supported: HTTP/1.1 is spoken"},
           {"proxy_url: 'http://u:<planted>@p'", "proxy_url: not supported: name the replicas"},
           {"no_proxy: a", "no_proxy: not supported"},
           {"proxy_from_environment: true", "proxy_from_environment: not supported"},
           {"proxy_connect_header: {}", "proxy_connect_header: not supported"},
       }) {
    CAPTURE(c.text);
    const auto options = read(c.text);
    REQUIRE(options.has_error());
    CHECK(options.error().what.find("dir/f:") == 0);
    CHECK_MESSAGE(options.error().what.find(c.what) != std::string::npos, options.error().what);
    CHECK(options.error().what.find("planted") == std::string::npos);
  }
}

}  // namespace prombraid::config
