#include "read/failures.h"

#include <algorithm>

namespace prombraid::read {

namespace {

/// Seconds: by then a restarted replica is looked at again (WatchOptions::look_again).
constexpr const char* retry_after = "2";

/// The status that every replica refused the read with, where it is the client's to mend.
std::optional<unsigned> agreed_status(const FailedReplicas& failed, std::size_t asked) {
  if (failed.empty() || failed.size() != asked) return std::nullopt;
  const unsigned status = failed.front().failure.status;
  if (status != 400 && status != 422) return std::nullopt;
  const bool agreed = std::all_of(failed.begin(), failed.end(), [&](const FailedReplica& f) {
    return f.failure.status == status;
  });
  return agreed ? std::optional(status) : std::nullopt;
}

}  // namespace

server::Response refusal(const FailedReplicas& failed, std::size_t asked, std::size_t answered,
                         std::size_t needed) {
  if (const auto status = agreed_status(failed, asked)) {
    return server::text(*status, failed.front().failure.text);
  }
  std::string lines = std::to_string(answered) + " of " + std::to_string(asked) +
                      " replicas answered, " + std::to_string(needed) + " needed";
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
      {"max_body_bytes", Limit::request_bytes},
      {"max_queries", Limit::queries},
      {"max_matchers", Limit::queries},
      {"max_name_bytes", Limit::queries},
      {"max_value_bytes", Limit::queries},
      {"max_grouping", Limit::queries},
      {"max_accepted_types", Limit::queries},
      {"max_labels", Limit::labels},
      {"max_label_bytes", Limit::labels},
      {"max_series_samples", Limit::samples},
      {"max_frame_bytes", Limit::frame_bytes},
      {"max_chunks", Limit::frame_bytes},
      {"max_series_per_frame", Limit::frame_bytes},
      {"max_answer_bytes", Limit::response_bytes},
      {"max_series_bytes", Limit::response_bytes},
      {"max_response_bytes", Limit::response_bytes},
      {"max_bytes", Limit::response_bytes}};
  for (const auto& [name, limit] : names) {
    if (error.find(name) != std::string_view::npos) return limit;
  }
  return std::nullopt;
}

}  // namespace prombraid::read
