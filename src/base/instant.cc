#include "base/instant.h"

#include <chrono>
#include <cstdio>
#include <limits>
#include <optional>

namespace prombraid {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::int64_t second = 1000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;

/// Takes text from its front, piece by piece; `good` until a piece does not fit.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  void literal(char c) {
    if (!text_.empty() && text_.front() == c) {
      text_.remove_prefix(1);
    } else {
      good_ = false;
    }
  }

  /// Exactly `count` digits, at most `most`.
  std::int64_t number(std::size_t count, std::int64_t most) {
    std::int64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value * 10 + digit();
    good_ = good_ && value <= most;
    return value;
  }

  /// `.25` as milliseconds; 0 where there is no point.
  std::int64_t fraction() {
    if (text_.empty() || text_.front() != '.') return 0;
    text_.remove_prefix(1);
    std::int64_t ms = digit() * 100;
    for (std::int64_t unit = 10; next_is_digit(); unit /= 10) ms += digit() * unit;
    return ms;
  }

  /// `Z` or `+01:00`, as what is to be taken off.
  std::int64_t offset() {
    if (text_ == "Z" || text_ == "z") {
      text_ = {};
      return 0;
    }
    const bool minus = !text_.empty() && text_.front() == '-';
    literal(minus ? '-' : '+');
    const std::int64_t hours = number(2, 23);
    literal(':');
    const std::int64_t off = hours * hour + number(2, 59) * minute;
    return minus ? -off : off;
  }

  bool next_is_digit() const {
    return !text_.empty() && '0' <= text_.front() && text_.front() <= '9';
  }
  std::int64_t digit() {
    if (!next_is_digit()) {
      good_ = false;
      return 0;
    }
    const std::int64_t value = text_.front() - '0';
    text_.remove_prefix(1);
    return value;
  }
  bool good() const { return good_; }
  bool finished() const { return good_ && text_.empty(); }

 private:
  std::string_view text_;
  bool good_ = true;
};

std::optional<std::int64_t> rfc3339(std::string_view text) {
  Reader in(text);
  const auto year = static_cast<int>(in.number(4, 9999));
  in.literal('-');
  const auto month = static_cast<unsigned>(in.number(2, 12));
  in.literal('-');
  const auto date = static_cast<unsigned>(in.number(2, 31));
  in.literal(text.size() > 10 && text[10] == 't' ? 't' : 'T');
  std::int64_t ms = in.number(2, 23) * hour;
  in.literal(':');
  ms += in.number(2, 59) * minute;
  in.literal(':');
  ms += in.number(2, 60) * second;
  ms += in.fraction();
  ms -= in.offset();
  const year_month_day whole{std::chrono::year(year), std::chrono::month(month),
                             std::chrono::day(date)};
  if (!in.finished() || !whole.ok()) return std::nullopt;
  return sys_days(whole).time_since_epoch().count() * day + ms;
}

std::optional<std::int64_t> unix_seconds(std::string_view text) {
  const bool minus = text.starts_with('-');
  Reader in(text.substr(minus ? 1 : 0));
  std::int64_t seconds = in.digit();
  while (in.good() && in.next_is_digit()) {
    if (seconds > std::numeric_limits<std::int64_t>::max() / second / 10 - 1) return std::nullopt;
    seconds = seconds * 10 + in.digit();
  }
  const std::int64_t ms = seconds * second + in.fraction();
  if (!in.finished()) return std::nullopt;
  return minus ? -ms : ms;
}

}  // namespace

Result<std::int64_t> parse_instant(std::string_view text) {
  if (const auto ms = unix_seconds(text)) return *ms;
  if (const auto ms = rfc3339(text)) return *ms;
  return Error(ErrorKind::bad_request,
               "not a time, as 2026-03-02T01:05:00Z or seconds since 1970, as 1772413500");
}

std::string instant_text(std::int64_t ms) {
  std::int64_t days = ms / day;
  std::int64_t rest = ms % day;
  if (rest < 0) {
    rest += day;
    --days;
  }
  constexpr std::int64_t first =
      sys_days(year_month_day(std::chrono::year(0), std::chrono::month(1), std::chrono::day(1)))
          .time_since_epoch()
          .count();
  constexpr std::int64_t last =
      sys_days(
          year_month_day(std::chrono::year(9999), std::chrono::month(12), std::chrono::day(31)))
          .time_since_epoch()
          .count();
  if (days < first || days > last) return std::to_string(ms) + " ms";
  const year_month_day date{sys_days(std::chrono::days(days))};
  char out[64];
  std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(rest / hour),
                static_cast<int>(rest % hour / minute), static_cast<int>(rest % minute / second),
                static_cast<int>(rest % second));
  return out;
}

std::string span_text(std::uint64_t ms) {
  std::string out;
  const auto whole = [&](std::uint64_t unit, const char* name) {
    if (ms >= unit) out += std::to_string(ms / unit) + name;
    ms %= unit;
  };
  whole(day, "d");
  whole(hour, "h");
  whole(minute, "m");
  if (ms == 0) return out.empty() ? "0s" : out;
  std::string fraction = std::to_string(1000 + ms % 1000).substr(1);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return out + std::to_string(ms / 1000) + (fraction.empty() ? "" : "." + fraction) + "s";
}

}  // namespace prombraid
