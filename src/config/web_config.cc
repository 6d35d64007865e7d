#include "config/web_config.h"

#include <algorithm>
#include <charconv>

#include "config/keys.h"
#include "config/tls_keys.h"
#include "tls/small_file.h"

namespace prombraid::config {

namespace {

/// A hash of a higher cost would keep the one thread that checks logins busy for minutes.
constexpr int highest_cost = 18;

bool fits_header(const std::string& value) {
  return std::all_of(value.begin(), value.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != 0x7f; });
}

struct KnownHeader {
  const char* name;
  std::vector<std::string> values;  ///< empty: any
  const char* help;
};

const std::vector<KnownHeader>& known_headers() {
  static const std::vector<KnownHeader> known = {
      {"Content-Security-Policy", {}, "What a browser may load for a page."},
      {"X-Frame-Options", {"deny", "sameorigin"}, "Who may show a page in a frame."},
      {"X-Content-Type-Options", {"nosniff"}, "A browser must not guess content types."},
      {"X-XSS-Protection", {}, "The filter of older browsers."},
      {"Strict-Transport-Security", {}, "A browser must use https:// from now on."}};
  return known;
}

using Headers = std::vector<std::pair<std::string, std::string>>;

/// As in exporter-toolkit (web/handler.go, extraHTTPHeaders); an empty one is not sent.
Key header_key(const KnownHeader& known, Headers& out) {
  Key key{known.name, known.values.empty() ? ValueType::text : ValueType::choice, known.help, {}};
  key.choices = known.values;
  key.set = [&out, &known](const YamlNode& node) -> Result<void> {
    auto value = node.as_any_text();
    if (value.has_error()) return std::move(value).error();
    if (!fits_header(*value)) return node.error("holds a line break or control character");
    const auto& allowed = known.values;
    if (!value->empty() && !allowed.empty() &&
        std::find(allowed.begin(), allowed.end(), *value) == allowed.end()) {
      std::string words;
      for (const std::string& word : allowed) words += (words.empty() ? "" : " or ") + word;
      return node.error("must be " + words);
    }
    if (!value->empty()) out.emplace_back(known.name, *std::move(value));
    return {};
  };
  return key;
}

std::vector<Key> header_keys(Headers& out) {
  std::vector<Key> keys;
  for (const KnownHeader& known : known_headers()) keys.push_back(header_key(known, out));
  return keys;
}

struct HttpServer {
  bool http2 = true;
  Headers headers;
};

std::vector<Key> http_server_keys(HttpServer& out) {
  return {bool_key("http2", out.http2, "Accepted and not used: HTTP/1.1 is spoken."),
          map_key("headers", out.headers, header_keys, "Headers of every answer.")};
}

const char* fault_of_hash(const std::string& hash) {
  constexpr const char* what =
      "no bcrypt hash; make one with: htpasswd -nBC 10 \"\" | tr -d ':\\n'";
  constexpr std::size_t size = 60;
  const bool begins =
      hash.starts_with("$2a$") || hash.starts_with("$2b$") || hash.starts_with("$2y$");
  if (!begins || hash.size() != size || hash[6] != '$') return what;
  int cost = 0;
  const auto [end, error] = std::from_chars(hash.data() + 4, hash.data() + 6, cost);
  if (error != std::errc() || end != hash.data() + 6) return what;
  const bool coded = std::all_of(hash.begin() + 7, hash.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '.' && c <= '9');
  });
  if (!coded) return what;
  return cost < 4 || cost > highest_cost ? "the cost of this hash must be from 4 to 18" : nullptr;
}

Key users_key(std::map<std::string, std::string>& out) {
  Key key{"basic_auth_users",
          ValueType::text_map,
          "Names and the bcrypt hashes of their passwords. Without any nobody is asked.",
          {}};
  key.set = [&out](const YamlNode& node) -> Result<void> {
    if (node.kind == YamlNode::Kind::nothing) return {};
    auto entries = node.as_map();
    if (entries.has_error()) return std::move(entries).error();
    for (const YamlEntry& entry : **entries) {
      if (entry.key.empty() || entry.key.find(':') != std::string::npos) {
        return node.error_at(entry, "a name is not empty and holds no colon (RFC 7617)");
      }
      auto hash = entry.value.as_secret();
      if (hash.has_error()) return std::move(hash).error();
      if (const char* fault = fault_of_hash(hash->reveal())) return entry.value.error(fault);
      out.emplace(entry.key, hash->reveal());
    }
    return {};
  };
  return key;
}

struct Limit {
  std::chrono::milliseconds interval{0};
  unsigned burst = 0;
};

std::vector<Key> limit_keys(Limit& out) {
  Key interval =
      duration_key("interval", out.interval, "A request may come in each of these; 0 is no limit.");
  interval.set = [&out](const YamlNode& node) -> Result<void> {
    auto value = node.as_duration();
    if (value.has_error()) return std::move(value).error();
    if (*value > std::chrono::hours(1)) return node.error("must be at most 1h");
    out.interval = *value;
    return {};
  };
  return {std::move(interval),
          count_key("burst", out.burst, 0, "And so many at once, after a pause.")};
}

Result<void> check_limit(const YamlNode& map, const Limit& limit) {
  constexpr unsigned most = 1'000'000;
  if (limit.burst > most) return map.error("burst must be at most 1000000");
  if (limit.interval.count() > 0 && limit.burst == 0) {
    return map.error("needs a burst of at least 1, else every request is refused");
  }
  return {};
}

struct WebFile {
  std::optional<tls::ServerOptions> tls;
  HttpServer http;
  std::map<std::string, std::string> users;
  std::optional<Limit> limit;
};

std::vector<Key> web_keys(WebFile& out) {
  return {
      optional_map_key("tls_server_config", out.tls, tls_server_keys, check_tls_server,
                       "TLS. Without it HTTP is spoken in clear."),
      map_key("http_server_config", out.http, http_server_keys, "HTTP."),
      users_key(out.users),
      optional_map_key("rate_limit", out.limit, limit_keys, check_limit,
                       "How many requests are taken; the others are answered 429."),
  };
}

}  // namespace

Result<WebConfig> parse_web_config(const std::string& text, const std::string& file) {
  const auto tree = parse_yaml(text, file);
  if (tree.has_error()) return tree.error();
  WebFile read;
  if (tree->kind != YamlNode::Kind::nothing) {
    if (auto done = read_keys(*tree, web_keys(read)); done.has_error()) {
      return std::move(done).error();
    }
  }
  WebConfig out;
  out.tls = std::move(read.tls);
  out.headers = std::move(read.http.headers);
  out.basic_auth_users = std::move(read.users);
  if (read.limit && read.limit->interval.count() > 0) {
    out.rate_limit = RateLimit{read.limit->interval, read.limit->burst};
  }
  return out;
}

Result<WebConfig> read_web_config(const std::string& file) {
  auto text = tls::read_small_file(file, 1 << 20);
  if (text.has_error()) return std::move(text).error();
  return parse_web_config(*text, file);
}

}  // namespace prombraid::config
