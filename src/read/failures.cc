#include "read/failures.h"

#include <algorithm>

namespace prombraid::read {

namespace {

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
  return server::text(503, lines);
}

std::string summary(const FailedReplicas& failed) {
  std::string out;
  for (const FailedReplica& f : failed) {
    if (!out.empty()) out += ", ";
    out += f.name + " (" + replica::name_of(f.failure.reason) + ")";
  }
  return out;
}

}  // namespace prombraid::read
