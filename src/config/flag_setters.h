/// What the tables of flags are made of: setters for each kind of value. `out` must outlive them.
/// Errors say what the value must be.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/config.h"
#include "config/flag_table.h"
#include "config/units.h"

namespace prombraid::config::setters {

/// Not empty.
FlagSetter text(std::string& out);
FlagSetter texts(std::vector<std::string>& out);
/// The first value given takes the place of the default ones.
FlagSetter texts_over_default(std::vector<std::string>& out);

FlagSetter boolean(bool& out);

enum class Zero { refused, taken };
FlagSetter duration(Config::Duration& out, Zero zero = Zero::refused);

FlagSetter size(std::uint64_t& out, std::uint64_t smallest);

/// 0 to 1.
FlagSetter fraction(double& out);

/// RFC 3339, or seconds since 1970; kept as milliseconds.
FlagSetter instant(std::int64_t& out);
FlagSetter instant(std::optional<std::int64_t>& out);

template <class T>
FlagSetter count(T& out, std::uint64_t smallest,
                 std::uint64_t largest = std::numeric_limits<T>::max()) {
  const auto set = [&out, smallest, largest](const std::string& text) -> Result<void> {
    const auto parsed = parse_count(text);
    if (!parsed) return parsed.error();
    if (*parsed < smallest || *parsed > largest) {
      return Error(ErrorKind::bad_request, "must be between " + std::to_string(smallest) + " and " +
                                               std::to_string(largest));
    }
    out = static_cast<T>(*parsed);
    return {};
  };
  return {set, ValueType::count};
}

/// One of the words.
template <class T>
FlagSetter choice(T& out, std::vector<std::pair<std::string, T>> choices) {
  std::vector<std::string> words;
  for (const auto& [word, value] : choices) words.push_back(word);
  const auto set = [&out, choices = std::move(choices)](const std::string& text) -> Result<void> {
    std::string names;
    for (const auto& [name, value] : choices) {
      if (name == text) {
        out = value;
        return {};
      }
      names += (names.empty() ? "" : ", ") + name;
    }
    return Error(ErrorKind::bad_request, "must be one of " + names);
  };
  return {set, ValueType::choice, std::move(words)};
}

}  // namespace prombraid::config::setters
