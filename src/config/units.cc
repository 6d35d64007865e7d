#include "config/units.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

namespace prombraid::config {

namespace {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

/// In milliseconds, biggest first.
constexpr Unit duration_units[] = {{"y", 365LL * 86'400'000},
                                   {"w", 7LL * 86'400'000},
                                   {"d", 86'400'000},
                                   {"h", 3'600'000},
                                   {"m", 60'000},
                                   {"s", 1'000},
                                   {"ms", 1}};

/// The longest names first, so that none is taken for the beginning of another.
constexpr Unit size_units[] = {{"EiB", 1LL << 60}, {"PiB", 1LL << 50},
                               {"TiB", 1LL << 40}, {"GiB", 1LL << 30},
                               {"MiB", 1LL << 20}, {"KiB", 1LL << 10},
                               {"EB", 1LL << 60},  {"PB", 1LL << 50},
                               {"TB", 1LL << 40},  {"GB", 1LL << 30},
                               {"MB", 1LL << 20},  {"KB", 1LL << 10},
                               {"B", 1},           {"", 1}};

Error bad(std::string_view what, const char* example) {
  return {ErrorKind::bad_request, std::string("not a ") + std::string(what) + ", as " + example};
}

/// Takes the digits that `text` begins with; false where there are none or too many.
bool take_number(std::string_view& text, std::int64_t& out) {
  if (text.empty() || text.front() < '0' || text.front() > '9') return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

/// The index of the unit that stands at the front of `text`, as a whole word; -1 for none.
int take_duration_unit(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && (text[length] < '0' || text[length] > '9')) ++length;
  for (int i = 0; std::cmp_less(i, std::size(duration_units)); ++i) {
    if (duration_units[i].name != text.substr(0, length)) continue;
    text.remove_prefix(length);
    return i;
  }
  return -1;
}

}  // namespace

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const Error error = bad("duration", "1h30m, 30s or 250ms");
  if (text == "0") return std::chrono::milliseconds(0);
  if (text.empty()) return error;
  std::int64_t sum = 0;
  for (int last_unit = -1; !text.empty();) {
    std::int64_t number = 0;
    if (!take_number(text, number)) return error;
    const int unit = take_duration_unit(text);
    if (unit <= last_unit) return error;
    last_unit = unit;
    std::int64_t part = 0;
    if (__builtin_mul_overflow(number, duration_units[unit].factor, &part) ||
        __builtin_add_overflow(sum, part, &sum)) {
      return Error(ErrorKind::bad_request, "duration is too long");
    }
  }
  // What is longer could not be added to a clock that counts nanoseconds.
  if (sum > std::numeric_limits<std::int64_t>::max() / 1'000'000 / 4) {
    return Error(ErrorKind::bad_request, "duration is too long");
  }
  return std::chrono::milliseconds(sum);
}

Result<std::uint64_t> parse_size(std::string_view text) {
  std::int64_t number = 0;
  if (!take_number(text, number)) return bad("size", "64MiB or 1048576");
  for (const Unit& unit : size_units) {
    if (text != unit.name) continue;
    std::int64_t size = 0;
    if (__builtin_mul_overflow(number, unit.factor, &size)) {
      return Error(ErrorKind::bad_request, "size is too large");
    }
    return static_cast<std::uint64_t>(size);
  }
  return bad("size", "64MiB or 1048576");
}

Result<std::uint64_t> parse_count(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size() && value >= 0 &&
                     std::floor(value) == value && !std::signbit(value);
  if (!whole) return bad("whole number", "50000000 or 5e7");
  if (value > 0x1p53) return Error(ErrorKind::bad_request, "number is too large");
  return static_cast<std::uint64_t>(value);
}

std::string format_duration(std::chrono::milliseconds duration) {
  std::int64_t rest = duration.count();
  if (rest <= 0) return "0s";
  std::string out;
  for (const Unit& unit : duration_units) {
    // Years and weeks only where nothing else is left, as Prometheus prints them.
    const bool coarse = unit.name == "y" || unit.name == "w";
    if (rest < unit.factor || (coarse && rest % unit.factor != 0)) continue;
    out += std::to_string(rest / unit.factor);
    out += unit.name;
    rest %= unit.factor;
  }
  return out;
}

std::string format_size(std::uint64_t bytes) {
  for (const Unit& unit : size_units) {
    const auto factor = static_cast<std::uint64_t>(unit.factor);
    if (factor > 1 && unit.name.size() == 3 && bytes >= factor && bytes % factor == 0) {
      return std::to_string(bytes / factor) + std::string(unit.name);
    }
  }
  return std::to_string(bytes);
}

}  // namespace prombraid::config
