#include "server/router.h"

#include <utility>

namespace prombraid::server {

Router::Router(std::string prefix) : prefix_(std::move(prefix)) {}

void Router::add(std::string method, std::string path, Route route) {
  entries_.push_back(Entry{std::move(method), prefix_ + path, std::move(route)});
}

Router::Match Router::find(std::string_view method, std::string_view path) const {
  Match match;
  std::string allow;
  for (const Entry& entry : entries_) {
    if (entry.path != path) continue;
    match.path = std::string_view(entry.path).substr(prefix_.size());
    if (entry.method == method || (entry.method == "GET" && method == "HEAD")) {
      match.route = &entry.route;
      return match;
    }
    if (!allow.empty()) allow += ", ";
    allow += entry.method == "GET" ? "GET, HEAD" : entry.method;
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
