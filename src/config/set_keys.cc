#include "config/set_keys.h"

#include <algorithm>

#include "access/field_text.h"
#include "config/environment.h"
#include "config/http_client.h"
#include "discovery/address.h"

namespace prombraid::config {

namespace {

Error bad(std::string what) {
  return {ErrorKind::bad_request, std::move(what)};
}

Result<void> check_address(const std::string& text) {
  auto address = discovery::parse_address(text);
  if (address.has_error()) return std::move(address).error();
  return {};
}

Result<void> check_label_name(const std::string& text) {
  if (text == "__name__")
    return bad("__name__ is the metric's name and no such label: take it out");
  return {};
}

/// It stands in headers, metrics and logs.
Result<void> check_set_name(const std::string& text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  });
  if (!plain || text.size() > 64) return bad("must be of letters, digits, '_', '-' and '.'");
  return {};
}

Result<void> check_path(const std::string& text) {
  if (!text.starts_with('/')) return bad("must begin with '/'");
  const bool plain =
      std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
  if (!plain) return bad("holds a character that no URL has");
  return {};
}

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

Result<void> check_header_name(const std::string& text) {
  if (!access::is_field_name(text)) return bad("is not a header's name");
  return {};
}

/// What this process itself says in its requests, and what belongs to one connection.
Result<void> check_passed_header(const std::string& text) {
  static constexpr std::string_view own[] = {
      "host",    "user-agent",      "connection", "keep-alive", "te",
      "trailer", "upgrade",         "accept",     "expect",     "transfer-encoding",
      "cookie",  "accept-encoding", "set-cookie", "range"};
  if (auto fit = check_header_name(text); fit.has_error()) return fit;
  const std::string name = lower(text);
  const bool reserved = std::find(std::begin(own), std::end(own), name) != std::end(own) ||
                        name.starts_with("content-") || name.starts_with("proxy-") ||
                        name.starts_with("x-prometheus-") || name.starts_with("x-prombraid-");
  if (reserved) return bad("'" + text + "' belongs to this process's own requests: take it out");
  return {};
}

/// A map of labels, whose values are expanded where `expands`.
Key labels_key(std::string name, std::map<std::string, std::string>& out, std::string help,
               bool expands) {
  Key key = text_map_key(std::move(name), out, std::move(help));
  key.set = [set = std::move(key.set), &out, expands](const YamlNode& node) -> Result<void> {
    if (auto done = set(node); done.has_error()) return done;
    for (const YamlEntry& entry : node.entries) {
      if (entry.key.empty()) return node.error("has a label without a name");
      if (auto fit = check_label_name(entry.key); fit.has_error()) {
        return node.error_at(entry, fit.error().what);
      }
      if (entry.value.scalar.empty()) {
        return node.error_at(entry,
                             "must not be empty, which is a label that is not there: give it a "
                             "value or take it out");
      }
      if (!expands) continue;
      auto text = expand(entry.value.scalar, variable_of_process);
      if (text.has_error()) return node.error_at(entry, text.error().what);
      out[entry.key] = *std::move(text);
    }
    return {};
  };
  return key;
}

std::vector<Key> time_range_keys(SetConfig& out) {
  return {duration_key("newest_age", out.newest_age,
                       "The set has no samples that are younger. Without it up to now."),
          duration_key("oldest_age", out.oldest_age,
                       "The set has no samples that are older. Without it from the beginning.")};
}

std::vector<Key> enforce_label_keys(EnforcedLabel& out) {
  return {required(checked(text_key("name", out.name, "The label that the matcher is on."),
                           check_label_name)),
          checked(text_key("header", out.header,
                           "The request header that brings the value. A read without it, with an "
                           "empty one or with two of them is refused with 400."),
                  check_header_name),
          text_key("value", out.value, "The value, in place of a header: the same for all.")};
}

}  // namespace

std::vector<Key> set_keys(SetConfig& out) {
  std::vector<Key> keys = {
      required(checked(text_key("name", out.name,
                                "What the set is called in logs, errors and on the status page."),
                       check_set_name)),
      required(texts_key("replicas", out.replicas,
                         "Addresses of the replicas, or names that stand for several, as "
                         "--replicas takes them.",
                         check_address)),
      checked(text_key("path", out.path,
                       "The path of remote_read, for addresses that have none of their own. "
                       "Without it /api/v1/read."),
              check_path),
      texts_key("replica_labels", out.replica_labels,
                "External labels that tell the replicas apart and are dropped from answers. "
                "Without it they are found by comparing the replicas.",
                check_label_name),
      count_key("min_replicas", out.min_replicas, 0,
                "How many replicas must answer; with fewer the read is an error. With 0 it goes "
                "out without the whole set, and says so in X-Prombraid-Partial."),
      count_key("expected_replicas", out.expected_replicas, 0,
                "How many replicas there should be; fewer are told. 0 is no expectation."),
      duration_key("connect_timeout", out.connect_timeout,
                   "How long a connection to a replica may take to stand."),
      duration_key("timeout", out.timeout, "How long a replica may take for a read."),
      size_key("max_frame_bytes", out.max_frame_bytes, 64 << 10,
               "The largest frame accepted from a replica."),
      size_key("max_series_bytes", out.max_series_bytes, 64 << 10,
               "The largest series accepted from a replica, all frames of it together."),
      size_key("max_response_bytes", out.max_response_bytes, 1 << 20,
               "The largest answer of a replica in samples."),
      labels_key("required_matchers", out.required_matchers,
                 "Equality matchers that a query must have; else the set is not asked.", false),
      labels_key("external_labels", out.external_labels,
                 "What the replicas add to their series, where they can't be asked for it. ${VAR} "
                 "is replaced by the environment's value.",
                 true),
      map_key("time_range", out, time_range_keys,
              "Which samples the set has, by their age. A query that meets none of them is not "
              "asked of it."),
  };
  for (Key& key : http_client_keys(out.access)) keys.push_back(std::move(key));
  return keys;
}

std::vector<Key> tenants_keys(Tenants& out) {
  return {texts_key("pass_headers", out.pass_headers,
                    "Request headers that are passed on to the replicas as they came; all others "
                    "stay here.",
                    check_passed_header),
          map_key("enforce_label", out.enforce_label, enforce_label_keys,
                  "A matcher that every query of every read is given, so that whoever asks sees "
                  "only series with this label.")};
}

Result<void> check_set(const YamlNode& map, const SetConfig& set) {
  const auto fault = [&](std::string_view key, const std::string& what) {
    const YamlEntry* entry = map.find(key);
    return entry == nullptr ? map.error(what) : map.error_at(*entry, what);
  };
  if (set.replicas.empty()) return fault("replicas", "must name at least one");
  if (set.connect_timeout > set.timeout) {
    return fault("connect_timeout",
                 "is longer than the set's timeout: shorten it, or let the timeout be longer");
  }
  if (set.expected_replicas != 0 && set.min_replicas > set.expected_replicas) {
    return fault("min_replicas", "is more than expected_replicas: lower it, or expect more");
  }
  if (auto fit = check_http_client(map, set.access); fit.has_error()) return fit;
  if (set.oldest_age.count() != 0 && set.oldest_age <= set.newest_age) {
    return fault("time_range", "its oldest_age must be longer than its newest_age");
  }
  return {};
}

Result<void> check_tenants(const YamlNode& map, const Tenants& tenants) {
  const YamlEntry* entry = map.find("enforce_label");
  if (entry == nullptr) return {};
  const bool header = !tenants.enforce_label.header.empty();
  if (header == !tenants.enforce_label.value.empty()) {
    return map.error_at(*entry, header ? "has a header and a value: keep one of them"
                                       : "needs a header or a value");
  }
  return {};
}

}  // namespace prombraid::config
