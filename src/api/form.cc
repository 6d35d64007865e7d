#include "api/form.h"

#include <algorithm>

namespace prombraid::api {

namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool unreserved(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

}  // namespace

Result<std::string> percent_decoded(std::string_view text, bool plus_is_blank) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' && plus_is_blank ? ' ' : text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      return Error(ErrorKind::bad_request, "a % without two hexadecimal digits behind it");
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size() + text.size() / 2);
  for (const char c : text) {
    if (unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', digits[byte >> 4], digits[byte & 15]};
  }
  return out;
}

Result<Form> Form::parse(std::string_view query, std::string_view body) {
  Form form;
  if (auto added = form.add(body); added.has_error()) return std::move(added).error();
  if (auto added = form.add(query); added.has_error()) return std::move(added).error();
  return form;
}

Result<void> Form::add(std::string_view encoded) {
  while (!encoded.empty()) {
    const std::string_view pair = encoded.substr(0, encoded.find('&'));
    encoded.remove_prefix(std::min(pair.size() + 1, encoded.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = percent_decoded(pair.substr(0, equals), true);
    if (name.has_error()) return std::move(name).error();
    auto value = percent_decoded(pair.substr(std::min(equals + 1, pair.size())), true);
    if (value.has_error()) return std::move(value).error();
    values_.emplace_back(*std::move(name), *std::move(value));
  }
  return {};
}

std::optional<std::string_view> Form::get(std::string_view name) const {
  for (const auto& [known, value] : values_) {
    if (known == name && !value.empty()) return value;
  }
  return std::nullopt;
}

std::vector<std::string_view> Form::all(std::string_view name) const {
  std::vector<std::string_view> out;
  for (const auto& [known, value] : values_) {
    if (known == name && !value.empty()) out.push_back(value);
  }
  return out;
}

}  // namespace prombraid::api
