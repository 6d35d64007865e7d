#include "discovery/endpoint.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include <arpa/inet.h>

#include "discovery/address.h"

namespace prombraid::discovery {
namespace {

bool is_v6(std::string_view ip) {
  return ip.find(':') != std::string_view::npos;
}

std::string text_of(int family, const void* bytes) {
  char text[INET6_ADDRSTRLEN];
  return inet_ntop(family, bytes, text, sizeof text) == nullptr ? std::string() : text;
}

}  // namespace

std::string Endpoint::key() const {
  std::string key = is_v6(ip) ? "[" + ip + "]" : ip;
  key += ":" + std::to_string(port);
  if (path != default_path) key += path;
  return key;
}

std::optional<std::string> canonical_ip(std::string_view text) {
  if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != text.npos) return std::nullopt;
  const std::string terminated(text);
  in_addr v4;
  if (inet_pton(AF_INET, terminated.c_str(), &v4) == 1) return text_of(AF_INET, &v4);
  in6_addr v6;
  if (inet_pton(AF_INET6, terminated.c_str(), &v6) != 1) return std::nullopt;
  if (!IN6_IS_ADDR_V4MAPPED(&v6)) return text_of(AF_INET6, &v6);
  std::memcpy(&v4, v6.s6_addr + 12, sizeof v4);
  return text_of(AF_INET, &v4);
}

bool is_unspecified(std::string_view ip) {
  return ip == "0.0.0.0" || ip == "::";
}

EndpointSet::EndpointSet(std::vector<Endpoint> endpoints) {
  std::vector<std::pair<std::string, Endpoint>> keyed;
  keyed.reserve(endpoints.size());
  for (Endpoint& endpoint : endpoints) {
    std::string key = endpoint.key();
    keyed.emplace_back(std::move(key), std::move(endpoint));
  }
  std::sort(keyed.begin(), keyed.end());
  const auto same = [](const auto& a, const auto& b) { return a.first == b.first; };
  keyed.erase(std::unique(keyed.begin(), keyed.end(), same), keyed.end());
  endpoints_.reserve(keyed.size());
  for (auto& [key, endpoint] : keyed) endpoints_.push_back(std::move(endpoint));
}

const Endpoint* EndpointSet::find(std::string_view key) const {
  for (const Endpoint& endpoint : endpoints_) {
    if (endpoint.key() == key) return &endpoint;
  }
  return nullptr;
}

}  // namespace prombraid::discovery
