#include "config/http_client.h"

#include <algorithm>
#include <array>
#include <utility>

#include "access/field_text.h"
#include "access/token_url.h"
#include "config/tls_keys.h"

namespace prombraid::config {

namespace {

using access::Authorization;
using access::BasicAuth;
using access::Credential;
using access::ExtraHeader;
using access::OAuth2;

/// prometheus/common, config/headers.go, ReservedHeaders; what frames a message beside them.
constexpr std::array reserved = {
    "Authorization",
    "Host",
    "Content-Encoding",
    "Content-Length",
    "Content-Type",
    "User-Agent",
    "Connection",
    "Keep-Alive",
    "Proxy-Authenticate",
    "Proxy-Authorization",
    "Www-Authenticate",
    "Accept-Encoding",
    "X-Prometheus-Remote-Write-Version",
    "X-Prometheus-Remote-Read-Version",
    "X-Prometheus-Scrape-Timeout-Seconds",
    "X-Amz-Date",
    "X-Amz-Security-Token",
    "X-Amz-Content-Sha256",
    "Accept",
    "Expect",
    "Te",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
};

constexpr const char* no_proxy = "name the replicas themselves, they are reached without a proxy";
constexpr const char* no_jwt = "the only grant is client_credentials, with a client_secret";
constexpr const char* no_refs = "there is no secret manager; use the key that ends in _file";

/// A secret that goes into a header.
Result<Secret> sendable(const YamlNode& node) {
  auto text = node.as_secret();
  if (!text.has_error() && !access::fits_field(text->reveal())) {
    return node.error("holds a line break or another control character: take it out");
  }
  return text;
}

Key sent_key(std::string name, Secret& out, bool secret, std::string help) {
  Key key{std::move(name), secret ? ValueType::secret : ValueType::text, std::move(help), {}};
  key.set = [&out](const YamlNode& node) -> Result<void> {
    auto text = sendable(node);
    if (text.has_error()) return std::move(text).error();
    out = *std::move(text);
    return {};
  };
  return key;
}

Result<void> only_one(const YamlNode& map, const Credential& credential, const std::string& name) {
  if (credential.text.empty() || credential.file.empty()) return {};
  return map.error("has both " + name + " and " + name + "_file; leave one of them out");
}

std::vector<Key> basic_auth_keys(BasicAuth& out) {
  return {sent_key("username", out.username.text, false, "The name."),
          path_key("username_file", out.username.file,
                   "A file with the name; read again when it changes."),
          sent_key("password", out.password.text, true, "The password."),
          path_key("password_file", out.password.file,
                   "A file with the password; read again when it changes."),
          refused_key("username_ref", no_refs),
          refused_key("password_ref", no_refs)};
}

Result<void> check_basic_auth(const YamlNode& map, const BasicAuth& auth) {
  if (auto fits = only_one(map, auth.username, "username"); fits.has_error()) return fits;
  if (auth.username.text.reveal().find(':') != std::string::npos) {
    return map.error("a username holds no colon (RFC 7617)");
  }
  return only_one(map, auth.password, "password");
}

Key type_key(std::string& out) {
  Key key = text_key("type", out, "The scheme in front of the credentials.");
  key.set = [set = key.set, &out](const YamlNode& node) -> Result<void> {
    if (auto done = set(node); done.has_error()) return done;
    if (access::canonical_field_name(out) == "Basic") {
      return node.error("Basic is not for here; use basic_auth");
    }
    if (!access::is_field_name(out)) return node.error("must be one word");
    return {};
  };
  return key;
}

std::vector<Key> authorization_keys(Authorization& out) {
  return {type_key(out.type),
          sent_key("credentials", out.credentials.text, true, "The credentials."),
          path_key("credentials_file", out.credentials.file,
                   "A file with the credentials; read again when it changes."),
          refused_key("credentials_ref", no_refs)};
}

Result<void> check_authorization(const YamlNode& map, const Authorization& authorization) {
  return only_one(map, authorization.credentials, "credentials");
}

Key token_url_key(std::string& out) {
  Key key = text_key("token_url", out, "Where the token is fetched.");
  key.set = [&out](const YamlNode& node) -> Result<void> {
    auto text = node.as_text();
    if (text.has_error()) return std::move(text).error();
    if (auto url = access::parse_token_url(*text); url.has_error()) {
      return node.error(url.error().what);
    }
    out = *std::move(text);
    return {};
  };
  return key;
}

Key params_key(std::vector<std::pair<std::string, std::string>>& out) {
  Key key{"endpoint_params", ValueType::text_map, "What else goes into the form.", {}};
  key.set = [&out](const YamlNode& node) -> Result<void> {
    auto entries = node.as_map();
    if (entries.has_error()) return std::move(entries).error();
    for (const YamlEntry& entry : **entries) {
      auto text = entry.value.as_any_text();
      if (text.has_error()) return std::move(text).error();
      out.emplace_back(entry.key, *std::move(text));
    }
    return {};
  };
  return key;
}

void refuse_proxies(std::vector<Key>& keys) {
  for (const char* name :
       {"proxy_url", "no_proxy", "proxy_from_environment", "proxy_connect_header"}) {
    keys.push_back(refused_key(name, no_proxy));
  }
}

Key grant_type_key() {
  Key key{"grant_type", ValueType::choice, "How the token is asked for.", {}};
  key.choices = {"client_credentials"};
  key.shown = "client_credentials";
  key.set = [](const YamlNode& node) -> Result<void> {
    if (node.scalar == "client_credentials") return {};
    return node.error(std::string("not supported: ") + no_jwt);
  };
  return key;
}

std::vector<Key> oauth2_keys(OAuth2& out) {
  std::vector<Key> keys = {
      required(text_key("client_id", out.client_id, "This client's name.")),
      secret_key("client_secret", out.client_secret.text, "Its secret."),
      path_key("client_secret_file", out.client_secret.file,
               "A file with its secret; read again for each token."),
      required(token_url_key(out.token_url)),
      texts_key("scopes", out.scopes, "The scopes to ask for."),
      params_key(out.endpoint_params),
      tls_config_key(out.tls, "TLS towards the token's server."),
      grant_type_key(),
      refused_key("client_secret_ref", no_refs),
  };
  for (const char* name :
       {"client_certificate_key_id", "client_certificate_key", "client_certificate_key_file",
        "client_certificate_key_ref", "signature_algorithm", "iss", "audience", "claims"}) {
    keys.push_back(refused_key(name, no_jwt));
  }
  refuse_proxies(keys);
  return keys;
}

Result<void> check_oauth2(const YamlNode& map, const OAuth2& oauth2) {
  return only_one(map, oauth2.client_secret, "client_secret");
}

struct HeaderLists {
  std::vector<Credential> values;
};

/// `values`, `secrets` and `files` in this order, as Prometheus sends them.
Key header_list_key(std::string name, HeaderLists& out, bool file, std::string help) {
  Key key{std::move(name), ValueType::texts, std::move(help), {}};
  key.set = [&out, file](const YamlNode& node) -> Result<void> {
    auto items = node.as_list();
    if (items.has_error()) return std::move(items).error();
    for (const YamlEntry& item : **items) {
      Credential value;
      if (file) {
        auto path = item.value.as_path();
        if (path.has_error()) return std::move(path).error();
        value.file = *std::move(path);
      } else {
        auto text = sendable(item.value);
        if (text.has_error()) return std::move(text).error();
        value.text = *std::move(text);
      }
      out.values.push_back(std::move(value));
    }
    return {};
  };
  return key;
}

std::vector<Key> header_list_keys(HeaderLists& out) {
  return {
      header_list_key("values", out, false, "What it says; one line each."),
      header_list_key("secrets", out, false, "The same, never shown."),
      header_list_key("files", out, true, "Files with what it says; read again when they change.")};
}

/// The name of a header that may be set; `login`: by which one can log in, too.
Result<std::string> header_name(const YamlNode& headers, const YamlEntry& entry,
                                bool login = false) {
  if (!access::is_field_name(entry.key)) return headers.error_at(entry, "no name of a header");
  std::string name = access::canonical_field_name(entry.key);
  if (login && name == "Authorization") return name;
  if (std::find(reserved.begin(), reserved.end(), name) != reserved.end()) {
    return headers.error_at(
        entry, "this header is not free to be set: take it out, the process sends its own");
  }
  return name;
}

Result<ExtraHeader> read_header(const YamlNode& headers, const YamlEntry& entry) {
  auto name = header_name(headers, entry);
  if (name.has_error()) return std::move(name).error();
  HeaderLists lists;
  if (auto done = read_keys(entry.value, header_list_keys(lists)); done.has_error()) {
    return std::move(done).error();
  }
  return ExtraHeader{*std::move(name), std::move(lists.values)};
}

Key http_headers_key(std::vector<ExtraHeader>& out) {
  Key key{
      "http_headers", ValueType::map_map, "More headers, each with values, secrets or files.", {}};
  key.set = [&out](const YamlNode& node) -> Result<void> {
    auto entries = node.as_map();
    if (entries.has_error()) return std::move(entries).error();
    for (const YamlEntry& entry : **entries) {
      auto header = read_header(node, entry);
      if (header.has_error()) return std::move(header).error();
      out.push_back(*std::move(header));
    }
    return {};
  };
  key.inner = [] {
    static HeaderLists shown;
    return header_list_keys(shown);
  };
  return key;
}

/// A switch of Prometheus's that is off here and stays so.
Key off_key(std::string name, std::string why) {
  Key key{std::move(name), ValueType::boolean, "Always false: " + why + ".", {}};
  key.shown = "false";
  key.set = [why](const YamlNode& node) -> Result<void> {
    auto on = node.as_bool();
    if (on.has_error()) return std::move(on).error();
    if (*on) return node.error("not supported: " + why + "; write false or leave it out");
    return {};
  };
  return key;
}

/// The older way to write `authorization`.
Key bearer_token_key(access::Options& out) {
  Key key{"bearer_token", ValueType::secret, "The older way to write authorization.", {}};
  key.set = [&out](const YamlNode& node) -> Result<void> {
    if (out.authorization) return node.error("authorization says it already; leave one out");
    auto text = sendable(node);
    if (text.has_error()) return std::move(text).error();
    out.authorization.emplace().credentials.text = *std::move(text);
    return {};
  };
  return key;
}

Key bearer_token_file_key(access::Options& out) {
  Key key{"bearer_token_file", ValueType::path, "The older way to write authorization.", {}};
  key.set = [&out](const YamlNode& node) -> Result<void> {
    if (out.authorization) return node.error("authorization says it already; leave one out");
    auto path = node.as_path();
    if (path.has_error()) return std::move(path).error();
    out.authorization.emplace().credentials.file = *std::move(path);
    return {};
  };
  return key;
}

Key authorization_key(access::Options& out) {
  Key key = optional_map_key("authorization", out.authorization, authorization_keys,
                             check_authorization, "Credentials in the Authorization header.");
  key.set = [set = key.set, &out](const YamlNode& node) -> Result<void> {
    if (out.authorization) return node.error("bearer_token says it already; leave one out");
    return set(node);
  };
  return key;
}

}  // namespace

Key tls_config_key(tls::ClientOptions& out, std::string help) {
  Key key = map_key("tls_config", out, tls_client_keys, std::move(help));
  key.set = [&out](const YamlNode& node) -> Result<void> {
    if (node.kind == YamlNode::Kind::nothing) return {};
    if (auto done = read_keys(node, tls_client_keys(out)); done.has_error()) return done;
    return check_tls_client(node, out);
  };
  return key;
}

Key secret_headers_key(std::string name, std::vector<ExtraHeader>& out, std::string help) {
  Key key{std::move(name), ValueType::text_map, std::move(help), {}};
  key.set = [&out](const YamlNode& node) -> Result<void> {
    auto entries = node.as_map();
    if (entries.has_error()) return std::move(entries).error();
    for (const YamlEntry& entry : **entries) {
      auto header = header_name(node, entry, true);
      if (header.has_error()) return std::move(header).error();
      auto value = sendable(entry.value);
      if (value.has_error()) return std::move(value).error();
      out.push_back({*std::move(header), {Credential{*std::move(value), {}}}});
    }
    return {};
  };
  return key;
}

std::vector<Key> http_client_keys(access::Options& out) {
  std::vector<Key> keys = {
      choice_key<bool>("scheme", out.https, {{"http", false}, {"https", true}},
                       "How addresses are reached that name no scheme."),
      tls_config_key(out.tls, "TLS towards the replicas."),
      optional_map_key("basic_auth", out.basic_auth, basic_auth_keys, check_basic_auth,
                       "A name and a password."),
      authorization_key(out),
      bearer_token_key(out),
      bearer_token_file_key(out),
      optional_map_key("oauth2", out.oauth2, oauth2_keys, check_oauth2,
                       "A token by OAuth 2.0 client credentials, renewed in the background."),
      http_headers_key(out.http_headers),
      off_key("follow_redirects", "no redirect is followed, so that credentials go to no stranger"),
      off_key("enable_http2", "HTTP/1.1 is spoken"),
  };
  refuse_proxies(keys);
  return keys;
}

Result<void> check_http_client(const YamlNode& map, const access::Options& options) {
  const int ways =
      (options.basic_auth ? 1 : 0) + (options.authorization ? 1 : 0) + (options.oauth2 ? 1 : 0);
  if (ways > 1) {
    return map.error("has more than one of basic_auth, authorization and oauth2: keep one of them");
  }
  return {};
}

}  // namespace prombraid::config
