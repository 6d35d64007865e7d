#include "api/coverage_asked.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "base/instant.h"
#include "query/selector.h"

namespace prombraid::api {

namespace {

Error invalid(const char* parameter, const std::string& why) {
  return Error(ErrorKind::bad_request,
               std::string("invalid parameter \"") + parameter + "\": " + why);
}

Result<std::int64_t> instant(const Form& form, const char* parameter, std::int64_t otherwise) {
  const auto text = form.get(parameter);
  if (!text) return otherwise;
  auto parsed = parse_instant(*text);
  if (parsed.has_error()) return invalid(parameter, parsed.error().what);
  return *parsed;
}

Result<std::size_t> number(const Form& form, const char* parameter, std::size_t otherwise,
                           std::size_t most) {
  const auto text = form.get(parameter);
  if (!text) return otherwise;
  std::size_t value = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (problem != std::errc() || end != text->data() + text->size() || value > most) {
    return invalid(parameter, "it must be a number up to " + std::to_string(most));
  }
  return value;
}

}  // namespace

Result<CoverageAsked> coverage_asked(const Form& form, std::int64_t now) {
  constexpr std::int64_t hour = 3'600'000;
  const auto matches = form.all("match[]");
  if (matches.size() != 1) return invalid("match[]", "one selector is needed");
  auto matchers = query::parse_selector(matches.front());
  if (matchers.has_error()) return invalid("match[]", matchers.error().what);
  auto end = instant(form, "end", now);
  if (end.has_error()) return std::move(end).error();
  const std::int64_t hour_before =
      std::max(*end, std::numeric_limits<std::int64_t>::min() + hour) - hour;
  auto start = instant(form, "start", hour_before);
  if (start.has_error()) return std::move(start).error();
  if (*start > *end) return invalid("start", "it is later than the end");
  auto limit = number(form, "limit", 20, 200);
  if (limit.has_error()) return std::move(limit).error();
  auto samples = number(form, "samples", 0, 2000);
  if (samples.has_error()) return std::move(samples).error();
  CoverageAsked out;
  out.request.queries.push_back({{*start, *end}, *std::move(matchers), {}});
  out.request.accepted = {static_cast<std::uint32_t>(wire::ResponseType::streamed_chunks)};
  out.limit = *limit;
  out.samples = *samples;
  return out;
}

}  // namespace prombraid::api
