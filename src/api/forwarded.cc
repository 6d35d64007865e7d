#include <algorithm>
#include <array>

#include "api/engine.h"
#include "api/passed.h"
#include "base/ascii.h"

namespace prombraid::api {

namespace {

/// Of one connection, or made anew where the message is sent.
constexpr std::array<std::string_view, 12> of_the_connection{"Connection",
                                                             "Keep-Alive",
                                                             "Proxy-Connection",
                                                             "Proxy-Authenticate",
                                                             "Proxy-Authorization",
                                                             "TE",
                                                             "Trailer",
                                                             "Transfer-Encoding",
                                                             "Upgrade",
                                                             "Content-Length",
                                                             "Date",
                                                             "Expect"};

constexpr std::array<std::string_view, 4> never_forwarded{"Host", "Authorization", "Cookie",
                                                          passed_header};

constexpr std::array<std::string_view, 2> of_a_trace{"traceparent", "tracestate"};

template <class Names>
bool is_one_of(const Names& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view one) { return equal_ignoring_case(one, name); });
}

bool names_in(std::string_view list, std::string_view name) {
  while (!list.empty()) {
    const std::string_view one = list.substr(0, list.find(','));
    list.remove_prefix(std::min(one.size() + 1, list.size()));
    if (equal_ignoring_case(trim_spaces(one), name)) return true;
  }
  return false;
}

}  // namespace

std::string forwarded_fields(const std::vector<server::Header>& headers, bool traced) {
  std::string connection;
  for (const server::Header& field : headers) {
    if (equal_ignoring_case(field.name, "Connection")) connection += field.value + ",";
  }
  std::string out;
  for (const server::Header& field : headers) {
    const bool kept = !is_one_of(of_the_connection, field.name) &&
                      !is_one_of(never_forwarded, field.name) && !names_in(connection, field.name);
    if (traced && is_one_of(of_a_trace, field.name)) continue;
    if (kept) out += field.name + ": " + field.value + "\r\n";
  }
  return out;
}

std::vector<server::Header> returned_fields(std::string_view lines, std::string_view connection) {
  std::vector<server::Header> out;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find("\r\n"));
    lines.remove_prefix(std::min(line.size() + 2, lines.size()));
    const std::size_t colon = std::min(line.find(": "), line.size());
    const std::string_view name = line.substr(0, colon);
    if (is_one_of(of_the_connection, name) || names_in(connection, name)) continue;
    out.emplace_back(std::string(name), std::string(line.substr(std::min(colon + 2, line.size()))));
  }
  return out;
}

}  // namespace prombraid::api
