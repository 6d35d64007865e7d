#include "config/flag_setters.h"

#include <charconv>

#include "base/instant.h"

namespace prombraid::config::setters {

FlagSetter text(std::string& out) {
  return [&out](const std::string& text) -> Result<void> {
    if (text.empty()) return Error(ErrorKind::bad_request, "must not be empty");
    out = text;
    return {};
  };
}

FlagSetter texts(std::vector<std::string>& out) {
  return [&out](const std::string& text) -> Result<void> {
    if (text.empty()) return Error(ErrorKind::bad_request, "must not be empty");
    out.push_back(text);
    return {};
  };
}

FlagSetter texts_over_default(std::vector<std::string>& out) {
  return [&out, set = texts(out), given = false](const std::string& text) mutable -> Result<void> {
    if (!given) out.clear();
    given = true;
    return set(text);
  };
}

FlagSetter boolean(bool& out) {
  const auto set = [&out](const std::string& text) -> Result<void> {
    if (text != "true" && text != "false") {
      return Error(ErrorKind::bad_request, "must be true or false");
    }
    out = text == "true";
    return {};
  };
  return {set, ValueType::boolean};
}

FlagSetter duration(Config::Duration& out, Zero zero) {
  const auto set = [&out, zero](const std::string& text) -> Result<void> {
    const auto parsed = parse_duration(text);
    if (!parsed) return parsed.error();
    if (parsed->count() == 0 && zero == Zero::refused)
      return Error(ErrorKind::bad_request, "must be more than 0");
    out = *parsed;
    return {};
  };
  return {set, ValueType::duration};
}

FlagSetter fraction(double& out) {
  return [&out](const std::string& text) -> Result<void> {
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, out);
    if (error != std::errc() || stopped != end || !(out >= 0 && out <= 1)) {
      return Error(ErrorKind::bad_request, "must be a number from 0 to 1, as 0.01");
    }
    return {};
  };
}

FlagSetter size(std::uint64_t& out, std::uint64_t smallest) {
  const auto set = [&out, smallest](const std::string& text) -> Result<void> {
    const auto parsed = parse_size(text);
    if (!parsed) return parsed.error();
    if (*parsed < smallest) {
      return Error(ErrorKind::bad_request, "must be at least " + format_size(smallest));
    }
    out = *parsed;
    return {};
  };
  return {set, ValueType::size};
}

namespace {

template <class T>
FlagSetter instant_into(T& out) {
  return [&out](const std::string& text) -> Result<void> {
    const auto parsed = parse_instant(text);
    if (parsed.has_error()) return parsed.error();
    out = *parsed;
    return {};
  };
}

}  // namespace

FlagSetter instant(std::int64_t& out) {
  return instant_into(out);
}

FlagSetter instant(std::optional<std::int64_t>& out) {
  return instant_into(out);
}

}  // namespace prombraid::config::setters
