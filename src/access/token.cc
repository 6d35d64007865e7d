#include "access/token.h"

#include <algorithm>

#include <boost/json.hpp>

#include "access/field_text.h"

namespace prombraid::access {

namespace json = boost::json;
using std::chrono::seconds;

namespace {

constexpr seconds longest_life{366 * 86400};

std::optional<json::object> object_of(std::string_view text) {
  boost::system::error_code problem;
  json::value value = json::parse({text.data(), text.size()}, problem);
  if (problem || !value.is_object()) return std::nullopt;
  return std::move(value.as_object());
}

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains({key.data(), key.size()});
  if (!value || !value->is_string()) return {};
  return {value->as_string().data(), value->as_string().size()};
}

/// A number; some servers write it as text.
std::optional<seconds> life_of(const json::object& object) {
  const json::value* value = object.if_contains("expires_in");
  if (!value) return std::nullopt;
  double count = 0;
  if (value->is_number()) {
    count = value->to_number<double>();
  } else if (value->is_string()) {
    count = std::strtod(value->as_string().c_str(), nullptr);
  }
  if (!(count > 0)) return std::nullopt;
  return std::min(longest_life, seconds(static_cast<std::int64_t>(std::min(count, 1e9))));
}

/// As Go's oauth2 writes the two that everybody uses.
std::string type_of(const json::object& object) {
  std::string type = text_at(object, "token_type");
  std::string lower = type;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return type.empty() || lower == "bearer" ? "Bearer" : type;
}

}  // namespace

Result<GivenToken> parse_token(std::string_view text) {
  const auto object = object_of(text);
  if (!object) return Error(ErrorKind::corrupt, "its answer is no JSON object");
  const std::string token = text_at(*object, "access_token");
  if (token.empty()) return Error(ErrorKind::corrupt, "its answer has no access_token");
  GivenToken given{type_of(*object) + " " + token, life_of(*object)};
  if (!fits_field(given.header)) {
    return Error(ErrorKind::corrupt, "its access_token does not fit into a header");
  }
  return given;
}

std::string parse_token_error(std::string_view text) {
  const auto object = object_of(text);
  if (!object) return {};
  std::string said = text_at(*object, "error");
  const std::string description = text_at(*object, "error_description");
  if (!said.empty() && !description.empty()) said += ": ";
  return said + description;
}

seconds renew_after(const GivenToken& token) {
  constexpr seconds margin{10};
  if (!token.lives) return seconds(3600);
  const seconds life = *token.lives;
  return std::max(seconds(1), std::min(life * 4 / 5, std::max(life - margin, life / 2)));
}

std::optional<std::string> Token::header(Clock::time_point now) const {
  const std::lock_guard lock(mutex_);
  if (header_.empty() || now >= ends_) return std::nullopt;
  return header_;
}

std::string Token::problem() const {
  const std::lock_guard lock(mutex_);
  return problem_;
}

void Token::set(const GivenToken& token, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  header_ = token.header;
  ends_ = token.lives ? now + *token.lives : Clock::time_point::max();
  problem_.clear();
}

void Token::fail(std::string problem) {
  const std::lock_guard lock(mutex_);
  problem_ = std::move(problem);
}

}  // namespace prombraid::access
