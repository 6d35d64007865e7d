#include "server/router.h"

#include <utility>

namespace prombraid::server {

namespace {

/// `pattern` is a path, or one with a `*` for one segment.
bool covers(std::string_view pattern, std::string_view path) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == path;
  const std::string_view before = pattern.substr(0, star);
  const std::string_view after = pattern.substr(star + 1);
  if (path.size() <= before.size() + after.size()) return false;
  if (!path.starts_with(before) || !path.ends_with(after)) return false;
  path.remove_prefix(before.size());
  path.remove_suffix(after.size());
  return path.find('/') == std::string_view::npos;
}

}  // namespace

Router::Router(std::string prefix) : prefix_(std::move(prefix)) {}

void Router::add(std::string method, std::string path, Route route) {
  if (wrap_) route = wrap_(method, path, std::move(route));
  entries_.push_back(Entry{std::move(method), prefix_ + path, std::move(route)});
}

void Router::add_rest(std::string path, Route route) {
  rests_.push_back(Entry{{}, prefix_ + path, std::move(route)});
}

Router::Match Router::find(std::string_view method, std::string_view path) const {
  Match match;
  std::string allow;
  for (const Entry& entry : entries_) {
    if (!covers(entry.path, path)) continue;
    match.path = std::string_view(entry.path).substr(prefix_.size());
    if (entry.method == method || (entry.method == "GET" && method == "HEAD")) {
      match.route = &entry.route;
      return match;
    }
    if (!allow.empty()) allow += ", ";
    allow += entry.method == "GET" ? "GET, HEAD" : entry.method;
  }
  for (const Entry& rest : rests_) {
    if (!allow.empty() || !path.starts_with(rest.path)) continue;
    match.path = std::string_view(rest.path).substr(prefix_.size());
    match.route = &rest.route;
    return match;
  }
  if (allow.empty()) {
    match.refusal = text(404, "404 page not found");
  } else {
    match.refusal = text(405, "Method Not Allowed");
    match.refusal.headers.emplace_back("Allow", std::move(allow));
  }
  return match;
}

}  // namespace prombraid::server
