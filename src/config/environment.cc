#include "config/environment.h"

#include <cstdlib>

namespace prombraid::config {

namespace {

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// The name that begins at `at`, and moves `at` behind it; nothing where there is none.
std::optional<std::string> take_name(const std::string& text, std::size_t& at) {
  const bool braces = at < text.size() && text[at] == '{';
  if (braces) ++at;
  const std::size_t begin = at;
  while (at < text.size() && is_name(text[at])) ++at;
  std::string name = text.substr(begin, at - begin);
  if (braces && (at >= text.size() || text[at++] != '}')) return std::nullopt;
  if (name.empty()) return std::nullopt;
  return name;
}

}  // namespace

Result<std::string> expand(const std::string& text, const Environment& environment) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '$') {
      out += text[at++];
      continue;
    }
    ++at;
    if (at < text.size() && text[at] == '$') {
      out += text[at++];
      continue;
    }
    const auto name = take_name(text, at);
    if (!name) {
      return Error(ErrorKind::bad_request,
                   "'$' begins a variable, as ${REGION}; write $$ for the character itself");
    }
    const auto value = environment(*name);
    if (!value) {
      return Error(ErrorKind::bad_request,
                   "the environment variable " + *name + " is not set: export it before the start");
    }
    out += *value;
  }
  return out;
}

std::optional<std::string> variable_of_process(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

}  // namespace prombraid::config
