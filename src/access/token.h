/// An OAuth2 token that one thread fetches and all use.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace prombraid::access {

/// What a token endpoint gave (RFC 6749 section 5.1).
struct GivenToken {
  std::string header;                         ///< `Bearer abc`: the value of Authorization
  std::optional<std::chrono::seconds> lives;  ///< nothing: it was not said
};

/// Reads a token endpoint's JSON. No error quotes it: it holds the token.
Result<GivenToken> parse_token(std::string_view json);

/// What an error answer says (RFC 6749 section 5.2): `invalid_client: the description`; empty where
/// it is not of that form.
std::string parse_token_error(std::string_view json);

/// When to fetch the next one: after four fifths of its life, at least 10 s before its end where it
/// lives that long. A token without an end is kept for an hour.
std::chrono::seconds renew_after(const GivenToken& token);

/// Shared by threads.
class Token {
 public:
  using Clock = std::chrono::steady_clock;

  /// The header's value; nothing while there is none that holds at `now`.
  std::optional<std::string> header(Clock::time_point now) const;

  /// Why the last fetch failed; empty where it did not, or none has ended yet.
  std::string problem() const;

  void set(const GivenToken& token, Clock::time_point now);
  /// Keeps the old token as long as it holds.
  void fail(std::string problem);

 private:
  mutable std::mutex mutex_;
  std::string header_;
  Clock::time_point ends_ = Clock::time_point::min();
  std::string problem_;
};

}  // namespace prombraid::access
