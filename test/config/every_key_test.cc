// Each key that the file can have, as the program's own table lists them: what it does, and that it
// refuses what it can't be. A key without a case fails here.
#include <algorithm>
#include <functional>
#include <set>
#include <sstream>

#include <doctest/doctest.h>

#include "config/config_file.h"

namespace prombraid::config {
namespace {

Config defaults() {
  Config config;
  config.web_listen_addresses = {":9201"};
  return config;
}

Result<Config> load(const std::string& text) {
  Config config = defaults();
  const auto flags = flag_table(config);
  const auto tree = parse_yaml(text, "dir/f");
  if (tree.has_error()) return tree.error();
  if (auto read = read_keys(*tree, file_keys(config, flags)); read.has_error()) return read.error();
  return config;
}

struct Leaf {
  std::string path;  ///< `replica_sets.tls_config.ca`
  ValueType type;
};

void walk(const std::vector<Key>& keys, const std::string& above, std::vector<Leaf>& out) {
  for (const Key& key : keys) {
    const std::string path = above.empty() ? key.name : above + "." + key.name;
    if (key.inner) {
      walk(key.inner(), path, out);
    } else {
      out.push_back({path, key.type});
    }
  }
}

std::vector<Leaf> all_keys() {
  Config config = defaults();
  const auto flags = flag_table(config);
  std::vector<Leaf> out;
  walk(file_keys(config, flags), "", out);
  return out;
}

/// A file that has this key, and `beside` in the same map.
std::string file_with(const std::string& path, const std::string& value,
                      const std::string& beside = "") {
  std::vector<std::string> parts;
  std::istringstream in(path);
  for (std::string part; std::getline(in, part, '.');) parts.push_back(part);
  std::string text = parts.back() + ": " + value + (beside.empty() ? "" : ", " + beside);
  for (std::size_t i = parts.size() - 1; i-- > 0;) {
    if (parts[i] == "replica_sets") {
      if (path != "replica_sets.name") text += ", name: a";
      if (path != "replica_sets.replicas") text += ", replicas: ['h:1']";
      text = "replica_sets: [{" + text + "}]";
    } else if (parts[i] == "http_headers") {
      text = "http_headers: {X-A: {" + text + "}}";
    } else {
      text = parts[i] + ": {" + text + "}";
    }
  }
  return "{" + text + "}";
}

std::string without(std::string text, const std::string& part) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part)) {
    text.erase(at, part.size());
  }
  return text;
}

std::vector<std::string> wrong_values(ValueType type) {
  switch (type) {
    case ValueType::boolean:
      return {"maybe", "1", "[true]", "''"};
    case ValueType::duration:
      return {"fast", "30", "-1s", "[1s]", "''"};
    case ValueType::size:
      return {"big", "-1", "[1MiB]", "''"};
    case ValueType::count:
      return {"some", "-1", "1.5", "[1]", "''"};
    case ValueType::choice:
      return {"nonsense", "[a]"};
    case ValueType::texts:
    case ValueType::text_map:
      return {"plain", "''", ""};
    case ValueType::refused:
      return {"a", "true", "{}"};
    default:
      return {"[a]", "{a: b}", "''", ""};
  }
}

TEST_CASE("each key refuses what it can't be, and says where") {
  for (const Leaf& leaf : all_keys()) {
    for (const std::string& value : wrong_values(leaf.type)) {
      // An engine that is none is none.
      if (leaf.path == "query.engine_url" && value == "''") continue;
      CAPTURE(leaf.path);
      CAPTURE(value);
      const auto got = load(file_with(leaf.path, value));
      REQUIRE(got.has_error());
      const std::string what = without(without(got.error().what, "[0]"), ".X-A");
      const std::size_t place = what.find(": ");
      REQUIRE(what.find("dir/f:1:") == 0);
      CHECK_MESSAGE(what.substr(place + 2).starts_with(leaf.path), what);
      CHECK(got.error().kind == ErrorKind::bad_request);
    }
  }
}

std::string text(bool value) {
  return value ? "true" : "false";
}
std::string text(std::uint64_t value) {
  return std::to_string(value);
}
std::string text(unsigned value) {
  return std::to_string(value);
}
std::string text(double value) {
  return std::to_string(value);
}
std::string text(std::chrono::milliseconds value) {
  return std::to_string(value.count()) + "ms";
}
std::string text(const Secret& value) {
  return value.reveal();
}
std::string text(const std::vector<std::string>& values) {
  std::string out;
  for (const std::string& value : values) out += value + ";";
  return out;
}
template <class Map>
std::string pairs(const Map& map) {
  std::string out;
  for (const auto& [name, value] : map) out += name + "=" + value + ";";
  return out;
}
std::string text(const std::vector<access::ExtraHeader>& headers) {
  std::string out;
  for (const access::ExtraHeader& header : headers) {
    out += header.name + ":";
    for (const access::Credential& value : header.values) {
      out += value.text.reveal() + value.file + ";";
    }
  }
  return out;
}

struct Effect {
  const char* key;
  const char* value;
  std::function<std::string(const Config&)> read;
  const char* becomes;
  const char* beside = "";
};

/// Of the only set; what it does not have is no text.
template <class F>
std::function<std::string(const Config&)> of_set(F read) {
  return [read](const Config& c) { return c.sets.empty() ? "" : read(c.sets.front()); };
}
template <class F>
std::function<std::string(const Config&)> of_access(F read) {
  return of_set([read](const SetConfig& s) { return read(s.access); });
}
template <class F>
std::function<std::string(const Config&)> of_oauth2(F read) {
  return of_access([read](const access::Options& a) { return a.oauth2 ? read(*a.oauth2) : ""; });
}

std::string version(tls::Version of) {
  return of == tls::Version::tls13 ? "1.3" : "1.2";
}

/// TLS towards others, wherever its keys stand.
template <class Of>
std::vector<Effect> tls_effects(const std::vector<const char*>& keys, Of of, const char* needed) {
  return {
      {keys[0], "A", of([](const tls::ClientOptions& t) { return t.ca.text; }), "A", needed},
      {keys[1], "f", of([](const tls::ClientOptions& t) { return t.ca.file; }), "dir/f", needed},
      {keys[2], "C", of([](const tls::ClientOptions& t) { return t.certificate.text; }), "C",
       "key: K"},
      {keys[3], "f", of([](const tls::ClientOptions& t) { return t.certificate.file; }), "dir/f",
       "key: K"},
      {keys[4], "K", of([](const tls::ClientOptions& t) { return t.key.text; }), "K", "cert: C"},
      {keys[5], "f", of([](const tls::ClientOptions& t) { return t.key.file; }), "dir/f",
       "cert: C"},
      {keys[6], "n", of([](const tls::ClientOptions& t) { return t.server_name; }), "n", needed},
      {keys[7], "true",
       of([](const tls::ClientOptions& t) { return text(t.insecure_skip_verify); }), "true",
       needed},
      {keys[8], "TLS13", of([](const tls::ClientOptions& t) { return version(t.min_version); }),
       "1.3", needed},
      {keys[9], "TLS12", of([](const tls::ClientOptions& t) { return version(t.max_version); }),
       "1.2", needed},
  };
}

std::vector<Effect> effects_of_sets() {
  return {
      {"replica_sets.name", "eu", of_set([](const SetConfig& s) { return s.name; }), "eu"},
      {"replica_sets.replicas", "['h:1', 'dns+i:2']",
       of_set([](const SetConfig& s) { return text(s.replicas); }), "h:1;dns+i:2;"},
      {"replica_sets.path", "/p", of_set([](const SetConfig& s) { return s.path; }), "/p"},
      {"replica_sets.replica_labels", "[r]",
       of_set([](const SetConfig& s) { return text(s.replica_labels); }), "r;"},
      {"replica_sets.min_replicas", "2",
       of_set([](const SetConfig& s) { return text(s.min_replicas); }), "2"},
      {"replica_sets.expected_replicas", "2",
       of_set([](const SetConfig& s) { return text(s.expected_replicas); }), "2"},
      {"replica_sets.connect_timeout", "1s",
       of_set([](const SetConfig& s) { return text(s.connect_timeout); }), "1000ms"},
      {"replica_sets.timeout", "10s", of_set([](const SetConfig& s) { return text(s.timeout); }),
       "10000ms"},
      {"replica_sets.max_frame_bytes", "1MiB",
       of_set([](const SetConfig& s) { return text(s.max_frame_bytes); }), "1048576"},
      {"replica_sets.max_series_bytes", "1MiB",
       of_set([](const SetConfig& s) { return text(s.max_series_bytes); }), "1048576"},
      {"replica_sets.max_response_bytes", "1MiB",
       of_set([](const SetConfig& s) { return text(s.max_response_bytes); }), "1048576"},
      {"replica_sets.required_matchers", "{a: b}",
       of_set([](const SetConfig& s) { return pairs(s.required_matchers); }), "a=b;"},
      {"replica_sets.external_labels", "{a: b$$}",
       of_set([](const SetConfig& s) { return pairs(s.external_labels); }), "a=b$;"},
      {"replica_sets.time_range.newest_age", "1h",
       of_set([](const SetConfig& s) { return text(s.newest_age); }), "3600000ms"},
      {"replica_sets.time_range.oldest_age", "1d",
       of_set([](const SetConfig& s) { return text(s.oldest_age); }), "86400000ms"},
  };
}

std::vector<Effect> effects_of_credentials() {
  using access::Options;
  const auto user = [](auto read) {
    return of_access([read](const Options& a) { return a.basic_auth ? read(*a.basic_auth) : ""; });
  };
  const auto says = [](auto read) {
    return of_access(
        [read](const Options& a) { return a.authorization ? read(*a.authorization) : ""; });
  };
  const auto headers = of_access([](const Options& a) { return text(a.http_headers); });
  return {
      {"replica_sets.scheme", "https", of_access([](const Options& a) { return text(a.https); }),
       "true"},
      {"replica_sets.basic_auth.username", "u",
       user([](const auto& b) { return text(b.username.text); }), "u"},
      {"replica_sets.basic_auth.username_file", "f",
       user([](const auto& b) { return b.username.file; }), "dir/f"},
      {"replica_sets.basic_auth.password", "p",
       user([](const auto& b) { return text(b.password.text); }), "p"},
      {"replica_sets.basic_auth.password_file", "f",
       user([](const auto& b) { return b.password.file; }), "dir/f"},
      {"replica_sets.authorization.type", "Key", says([](const auto& a) { return a.type; }), "Key"},
      {"replica_sets.authorization.credentials", "c",
       says([](const auto& a) { return text(a.credentials.text); }), "c"},
      {"replica_sets.authorization.credentials_file", "f",
       says([](const auto& a) { return a.credentials.file; }), "dir/f"},
      {"replica_sets.bearer_token", "t",
       says([](const auto& a) { return a.type + " " + text(a.credentials.text); }), "Bearer t"},
      {"replica_sets.bearer_token_file", "f",
       says([](const auto& a) { return a.credentials.file; }), "dir/f"},
      {"replica_sets.http_headers.values", "[v]", headers, "X-A:v;"},
      {"replica_sets.http_headers.secrets", "[s]", headers, "X-A:s;"},
      {"replica_sets.http_headers.files", "[f]", headers, "X-A:dir/f;"},
  };
}

std::vector<Effect> effects_of_oauth2() {
  using access::OAuth2;
  constexpr const char* url = "token_url: 'http://i/'";
  constexpr const char* both = "client_id: me, token_url: 'http://i/'";
  return {
      {"replica_sets.oauth2.client_id", "me",
       of_oauth2([](const OAuth2& o) { return o.client_id; }), "me", url},
      {"replica_sets.oauth2.client_secret", "s",
       of_oauth2([](const OAuth2& o) { return text(o.client_secret.text); }), "s", both},
      {"replica_sets.oauth2.client_secret_file", "f",
       of_oauth2([](const OAuth2& o) { return o.client_secret.file; }), "dir/f", both},
      {"replica_sets.oauth2.token_url", "'https://idp/t'",
       of_oauth2([](const OAuth2& o) { return o.token_url; }), "https://idp/t", "client_id: me"},
      {"replica_sets.oauth2.scopes", "[a, b]",
       of_oauth2([](const OAuth2& o) { return text(o.scopes); }), "a;b;", both},
      {"replica_sets.oauth2.endpoint_params", "{a: b}",
       of_oauth2([](const OAuth2& o) { return pairs(o.endpoint_params); }), "a=b;", both},
  };
}

std::vector<Effect> effects_of_tenants_and_reads() {
  return {
      {"tenants.pass_headers", "[X-A]",
       [](const Config& c) { return text(c.tenants.pass_headers); }, "X-A;"},
      {"tenants.enforce_label.name", "t",
       [](const Config& c) { return c.tenants.enforce_label.name; }, "t", "value: v"},
      {"tenants.enforce_label.header", "X-A",
       [](const Config& c) { return c.tenants.enforce_label.header; }, "X-A", "name: t"},
      {"tenants.enforce_label.value", "v",
       [](const Config& c) { return c.tenants.enforce_label.value; }, "v", "name: t"},
      {"dns.server", "['10.0.0.1:53']", [](const Config& c) { return text(c.dns_servers); },
       "10.0.0.1:53;"},
      {"dns.refresh_interval", "1m", [](const Config& c) { return text(c.dns_refresh_interval); },
       "60000ms"},
      {"read.straggler_grace", "1s", [](const Config& c) { return text(c.read_straggler_grace); },
       "1000ms"},
      {"read.ignore_matchers_on", "[a]",
       [](const Config& c) { return text(c.read_ignore_matchers_on); }, "a;"},
      {"read.memory_limit", "64MiB", [](const Config& c) { return text(c.read_memory_limit); },
       "67108864"},
      {"read.max_response_bytes", "1MiB",
       [](const Config& c) { return text(c.read_max_response_bytes); }, "1048576"},
      {"storage.remote.read_sample_limit", "7",
       [](const Config& c) { return text(c.read_sample_limit); }, "7"},
      {"storage.remote.read_concurrent_limit", "7",
       [](const Config& c) { return text(c.read_concurrent_limit); }, "7"},
      {"storage.remote.read_max_bytes_in_frame", "7",
       [](const Config& c) { return text(c.read_max_bytes_in_frame); }, "7"},
      {"limits.request_bytes", "1MiB", [](const Config& c) { return text(c.limits_request_bytes); },
       "1048576"},
      {"limits.queries_per_request", "7",
       [](const Config& c) { return text(c.limits_queries_per_request); }, "7"},
      {"limits.matchers_per_query", "7",
       [](const Config& c) { return text(c.limits_matchers_per_query); }, "7"},
      {"limits.matcher_bytes", "2KiB", [](const Config& c) { return text(c.limits_matcher_bytes); },
       "2048"},
      {"limits.series_per_read", "7",
       [](const Config& c) { return text(c.limits_series_per_read); }, "7"},
      {"limits.labels_per_series", "7",
       [](const Config& c) { return text(c.limits_labels_per_series); }, "7"},
      {"limits.label_bytes_per_series", "2KiB",
       [](const Config& c) { return text(c.limits_label_bytes_per_series); }, "2048"},
  };
}

std::vector<Effect> effects_of_the_process() {
  return {
      {"query.engine_url", "'http://e:9090'", [](const Config& c) { return c.query_engine_url; },
       "http://e:9090"},
      {"query.timeout", "1m", [](const Config& c) { return text(c.query_timeout); }, "60000ms"},
      {"web.listen_address", "[':1', ':2']",
       [](const Config& c) { return text(c.web_listen_addresses); }, ":1;:2;"},
      {"web.max_connections", "7", [](const Config& c) { return text(c.web_max_connections); },
       "7"},
      {"web.enable_lifecycle", "true", [](const Config& c) { return text(c.web_enable_lifecycle); },
       "true"},
      {"web.access_log", "true", [](const Config& c) { return text(c.web_access_log); }, "true"},
      {"web.read_timeout", "1m", [](const Config& c) { return text(c.web_read_timeout); },
       "60000ms"},
      {"threads", "7", [](const Config& c) { return text(c.threads); }, "7"},
      {"log.level", "error", [](const Config& c) { return text(c.log_level == log::Level::error); },
       "true"},
      {"log.slow_reads", "1s", [](const Config& c) { return text(c.log_slow_reads); }, "1000ms"},
      {"log.format", "json",
       [](const Config& c) { return text(c.log_format == log::Format::json); }, "true"},
      {"tracing.endpoint", "'c:4318'", [](const Config& c) { return c.tracing_endpoint; },
       "c:4318"},
      {"tracing.sampling_fraction", "0.5",
       [](const Config& c) { return text(c.tracing_sampling_fraction); }, "0.500000"},
      {"tracing.timeout", "1s", [](const Config& c) { return text(c.tracing_timeout); }, "1000ms"},
      {"tracing.insecure", "true", [](const Config& c) { return text(c.tracing_access.https); },
       "false"},
      {"tracing.headers", "{authorization: k}",
       [](const Config& c) { return text(c.tracing_access.http_headers); }, "Authorization:k;"},
  };
}

std::vector<const char*> tls_keys_below(const std::string& above) {
  static std::set<std::string> kept;
  std::vector<const char*> out;
  for (const char* name : {"ca", "ca_file", "cert", "cert_file", "key", "key_file", "server_name",
                           "insecure_skip_verify", "min_version", "max_version"}) {
    out.push_back(kept.insert(above + ".tls_config." + name).first->c_str());
  }
  return out;
}

std::vector<Effect> all_effects() {
  std::vector<Effect> out;
  const auto add = [&](std::vector<Effect> more) {
    std::move(more.begin(), more.end(), std::back_inserter(out));
  };
  add(effects_of_sets());
  add(effects_of_credentials());
  add(effects_of_oauth2());
  add(effects_of_tenants_and_reads());
  add(effects_of_the_process());
  const auto of_replicas = [](auto read) {
    return of_access([read](const access::Options& a) { return read(a.tls); });
  };
  const auto of_collector = [](auto read) {
    return [read](const Config& c) -> std::string { return read(c.tracing_access.tls); };
  };
  const auto of_tokens = [](auto read) {
    return of_oauth2([read](const access::OAuth2& o) { return read(o.tls); });
  };
  add(tls_effects(tls_keys_below("replica_sets"), of_replicas, ""));
  add(tls_effects(tls_keys_below("tracing"), of_collector, ""));
  add(tls_effects(tls_keys_below("replica_sets.oauth2"), of_tokens, ""));
  return out;
}

/// Keys of other programs that are taken with the one value that is true here.
const std::set<std::string>& accepted_alone() {
  static const std::set<std::string> keys = {"replica_sets.oauth2.grant_type",
                                             "replica_sets.follow_redirects",
                                             "replica_sets.enable_http2", "tracing.client_type"};
  return keys;
}

/// oauth2 is a map that needs two of its keys, wherever in it the tested one stands.
std::string file_of(const Effect& effect) {
  std::string text = file_with(effect.key, effect.value, effect.beside);
  const std::string tls = "oauth2: {tls_config: {";
  const std::size_t at = text.find(tls);
  if (at != std::string::npos) {
    text.insert(at + std::string("oauth2: {").size(), "client_id: me, token_url: 'http://i/', ");
  }
  return text;
}

TEST_CASE("each key has its effect") {
  for (const Effect& effect : all_effects()) {
    CAPTURE(effect.key);
    const auto got = load(file_of(effect));
    REQUIRE_MESSAGE(got.has_value(), got.error().what);
    CHECK(effect.read(*got) == effect.becomes);
    const auto bare = load("{replica_sets: [{name: a, replicas: ['x:1']}]}");
    CHECK(effect.read(*bare) != effect.becomes);
  }
}

TEST_CASE("what is taken for others' sake") {
  CHECK(load(file_with("replica_sets.oauth2.grant_type", "client_credentials",
                       "client_id: a, token_url: 'http://i/'"))
            .has_value());
  CHECK(load(file_with("replica_sets.follow_redirects", "false")).has_value());
  CHECK(load(file_with("replica_sets.enable_http2", "false")).has_value());
  CHECK(load(file_with("tracing.client_type", "http")).has_value());
  CHECK(load(file_with("replica_sets.follow_redirects", "true")).has_error());
  CHECK(load(file_with("replica_sets.enable_http2", "true")).has_error());
  CHECK(load(file_with("tracing.client_type", "grpc")).error().what.find("4318") !=
        std::string::npos);
}

TEST_CASE("no key is without a case") {
  std::set<std::string> shown = accepted_alone();
  for (const Effect& effect : all_effects()) shown.insert(effect.key);
  for (const Leaf& leaf : all_keys()) {
    CAPTURE(leaf.path);
    CHECK((leaf.type == ValueType::refused || shown.contains(leaf.path)));
    shown.erase(leaf.path);
  }
  for (const std::string& key : shown) FAIL_CHECK("there is no key ", key);
}

}  // namespace
}  // namespace prombraid::config
