#include "read/explained_answer.h"

#include <charconv>

#include "base/instant.h"
#include "read/explain_text.h"
#include "read/slice.h"

namespace prombraid::read {

namespace asio = boost::asio;

Result<std::size_t> explain_wanted(std::optional<std::string_view> value) {
  if (!value || *value == "false") return std::size_t{0};
  if (*value == "true") return explained_series;
  std::size_t limit = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), limit);
  const bool whole = error == std::errc{} && end == value->data() + value->size();
  if (whole && 1 <= limit && limit <= most_explained_series) return limit;
  return Error(ErrorKind::bad_request, std::string(explain_header) +
                                           " must be true, false or a number of series up to " +
                                           std::to_string(most_explained_series));
}

ExplainedAnswer::ExplainedAnswer(ThreadContext& context, const Sets& sets, const query::Plan& plan,
                                 Contributors& contributors, std::size_t limit)
    : context_(context),
      sets_(sets),
      plan_(plan),
      contributors_(contributors),
      limit_(limit),
      merged_(context.counters, contributors.samples),
      held_(context.shared.memory) {}

asio::awaitable<Result<std::string>> ExplainedAnswer::make() {
  for (std::size_t q = 0; q < plan_.queries.size() && !cut_; ++q) {
    if (auto made = co_await explain_query(q); made.has_error()) co_return made.error();
  }
  text_ += cut_ ? "Only the first " + std::to_string(limit_) + " series are explained.\n"
                : std::to_string(explained_) + " series\n";
  co_return head() + text_ + failures();
}

asio::awaitable<Result<void>> ExplainedAnswer::explain_query(std::size_t query) {
  const query::Asked& asked = plan_.queries[query];
  text_ += "Query " + std::to_string(query + 1) + " of " + std::to_string(plan_.queries.size()) +
           ", " + instant_text(asked.range.start) + " to " + instant_text(asked.range.end) + "\n\n";
  Groups groups(contributors_, query);
  Slice slice;
  for (;;) {
    auto group = co_await groups.next();
    if (group.has_error()) co_return group.error();
    if (*group == nullptr) break;
    cut_ = explained_ == limit_;
    if (cut_) break;
    explain_series(**group, asked);
    if (slice.over()) co_await slice.pause();
  }
  co_return Result<void>();
}

void ExplainedAnswer::explain_series(const merge::SeriesJoin::Group& group,
                                     const query::Asked& asked) {
  merged_.merge(group, asked);
  contributors_.lose_faulty(merged_.faults());
  if (merged_.empty()) return;
  ++explained_;
  if (!held_.resize(text_.size() + merge::explain_bytes(group.strands))) {
    context_.counters.limit_hits[metrics::Limit::memory].add();
    text_ += labels_text(group.labels()) +
             "\n  longer than what --read.memory-limit leaves to explain it\n\n";
    return;
  }
  const merge::Explanation seen =
      merge::explain(group.strands, asked.range, merged_.interval(), shown_disagreements);
  text_ += explain_text({.labels = group.labels(),
                         .replicas = contributors_.names,
                         .strands = group.strands,
                         .pieces = merged_.pieces(),
                         .faults = merged_.faults(),
                         .interval = merged_.interval(),
                         .seen = seen}) +
           "\n";
  held_.resize(text_.size());
}

std::string ExplainedAnswer::head() const {
  std::string out = "Replicas asked, the preferred one first:\n";
  for (const query::MemberRead& read : plan_.reads) {
    const query::Member& member = sets_.member(read);
    out += "  " + sets_.name_of(read) + "  " +
           (member.external_labels ? to_string(*member.external_labels)
                                   : std::string("external labels unknown")) +
           "\n";
  }
  for (const Matcher& matcher : plan_.ignored) {
    out += "Ignored, as no replica has its value: " + to_string(matcher) + "\n";
  }
  return out + "\n";
}

std::string ExplainedAnswer::failures() const {
  std::string out = contributors_.failed.empty() ? "" : "\nReplicas that failed:\n";
  for (const FailedReplica& failed : contributors_.failed) {
    out += "  " + failed.failure.error.what + "\n";
  }
  return out;
}

}  // namespace prombraid::read
