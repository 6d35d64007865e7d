#include "config/tracing_keys.h"

#include <utility>

#include "config/http_client.h"

namespace prombraid::config {

namespace {

/// The other way round than it is kept, as OpenTelemetry says it.
Key insecure_key(bool& https) {
  Key key{"insecure",
          ValueType::boolean,
          "Whether an endpoint without a scheme is reached by HTTP in clear.",
          {},
          https ? "false" : "true"};
  key.set = [&https](const YamlNode& node) -> Result<void> {
    auto insecure = node.as_bool();
    if (insecure.has_error()) return std::move(insecure).error();
    https = !*insecure;
    return {};
  };
  return key;
}

/// Prometheus's default is grpc, so a file that names it is believed to mean it.
Key client_type_key() {
  Key key{"client_type", ValueType::choice, "How spans are sent.", {}, "http", false, {"http"}};
  key.set = [](const YamlNode& node) -> Result<void> {
    auto text = node.as_text();
    if (text.has_error()) return std::move(text).error();
    if (*text == "http") return {};
    if (*text == "grpc") {
      return node.error("not supported: write http, and the collector's port for it, mostly 4318");
    }
    return node.error("must be http, not '" + *text + "'");
  };
  return key;
}

std::vector<Key> tracing_keys(access::Options& out) {
  return {client_type_key(), insecure_key(out.https),
          secret_headers_key("headers", out.http_headers,
                             "Headers of each request to the collector; their values are secrets."),
          tls_config_key(out.tls, "TLS towards the collector."),
          refused_key("compression", "batches are sent as they are; take it out")};
}

}  // namespace

void add_tracing_keys(Key& section, access::Options& out) {
  std::vector<Key> keys = section.inner();
  for (Key& key : tracing_keys(out)) keys.push_back(std::move(key));
  section.help = "Spans to a collector of OpenTelemetry, as in Prometheus's tracing_config.";
  section.set = [keys](const YamlNode& node) { return read_keys(node, keys); };
  section.inner = [keys] { return keys; };
}

}  // namespace prombraid::config
