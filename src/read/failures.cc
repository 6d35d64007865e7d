#include "read/failures.h"

#include <algorithm>

namespace prombraid::read {

namespace {

/// Seconds: by then a restarted replica is looked at again (WatchOptions::look_again).
constexpr const char* retry_after = "2";

/// Of those that replicas answer, the one that says how to log in.
std::string challenge_in(const FailedReplicas& failed) {
  const auto at = std::find_if(failed.begin(), failed.end(),
                               [](const FailedReplica& f) { return !f.failure.challenge.empty(); });
  // RFC 9110, section 15.5.2: a 401 has one.
  return at == failed.end() ? "Basic" : at->failure.challenge;
}

}  // namespace

std::optional<unsigned> agreed_status(const FailedReplicas& failed, std::size_t asked,
                                      bool passed) {
  if (failed.empty() || failed.size() != asked) return std::nullopt;
  const unsigned status = failed.front().failure.status;
  const bool mended_there = status == 400 || status == 422;
  if (!mended_there && !(passed && (status == 401 || status == 403))) return std::nullopt;
  const bool agreed = std::all_of(failed.begin(), failed.end(), [&](const FailedReplica& f) {
    return f.failure.status == status;
  });
  return agreed ? std::optional(status) : std::nullopt;
}

server::Response refusal(const FailedReplicas& failed, std::size_t asked, std::size_t answered,
                         std::size_t needed, const std::string& set, bool passed) {
  if (const auto status = agreed_status(failed, asked, passed)) {
    server::Response response = server::text(*status, failed.front().failure.text);
    if (*status == 401) response.headers.emplace_back("WWW-Authenticate", challenge_in(failed));
    return response;
  }
  std::string lines = (set.empty() ? "" : "set " + set + ": ") + std::to_string(answered) + " of " +
                      std::to_string(asked) + " replicas answered, " + std::to_string(needed) +
                      " needed";
  for (const FailedReplica& f : failed) lines += "\n" + f.failure.error.what;
  server::Response response = server::text(503, lines);
  response.headers.emplace_back("Retry-After", retry_after);
  return response;
}

std::string summary(const FailedReplicas& failed) {
  std::string out;
  for (const FailedReplica& f : failed) {
    if (!out.empty()) out += ", ";
    out += f.name + " (" + replica::name_of(f.failure.reason) + ")";
  }
  return out;
}

std::optional<metrics::Limit> limit_named_in(std::string_view error) {
  using metrics::Limit;
  static constexpr std::pair<std::string_view, Limit> names[] = {
      {"--limits.request-bytes", Limit::request_bytes},
      {"--limits.queries-per-request", Limit::queries},
      {"--limits.matchers-per-query", Limit::matchers},
      {"--limits.matcher-bytes", Limit::matchers},
      {"max_name_bytes", Limit::matchers},
      {"max_grouping", Limit::queries},
      {"max_accepted_types", Limit::queries},
      {"--limits.series-per-read", Limit::series},
      {"--limits.labels-per-series", Limit::labels},
      {"--limits.label-bytes-per-series", Limit::label_bytes},
      {"max_series_samples", Limit::samples},
      {"--replica.max-frame-bytes", Limit::frame_bytes},
      {"max_chunks", Limit::frame_bytes},
      {"max_series_per_frame", Limit::frame_bytes},
      {"--replica.max-series-bytes", Limit::series_bytes},
      {"--read.max-response-bytes", Limit::response_bytes},
      {"max_bytes", Limit::response_bytes}};
  for (const auto& [name, limit] : names) {
    if (error.find(name) != std::string_view::npos) return limit;
  }
  return std::nullopt;
}

void count_limit(metrics::ThreadCounters& counters, std::string_view error) {
  if (const auto limit = limit_named_in(error)) counters.limit_hits[*limit].add();
}

}  // namespace prombraid::read
