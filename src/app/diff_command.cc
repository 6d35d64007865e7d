#include "app/diff_command.h"

#include "api/compared.h"
#include "api/covered_read.h"
#include "app/explain_command.h"
#include "query/selector.h"

namespace prombraid::app {

namespace asio = boost::asio;

namespace {

constexpr std::size_t shown_conflicts = 5;

std::string heading(const api::CoveredRead& read) {
  std::string out = "Comparing, the first one preferred:\n";
  for (std::size_t i = 0; i < read.replicas.size(); ++i) {
    out += "  " + read.replicas[i] + "  " + to_string(read.external_labels[i]) + "\n";
  }
  for (const std::string& failure : read.failures) out += "Failed: " + failure + "\n";
  return out + "\n";
}

}  // namespace

Result<Differences> diff(const config::ExplainConfig& config) {
  auto matchers = query::parse_selector(config.match);
  if (matchers.has_error()) return std::move(matchers).error().in("--match");
  wire::ReadRequest request;
  request.queries.push_back({{*config.start, config.end}, *std::move(matchers), {}});
  request.accepted = {static_cast<std::uint32_t>(wire::ResponseType::streamed_chunks)};
  api::Comparison comparison;
  std::string text;
  Result<api::CoveredRead> read = Error(ErrorKind::unavailable, "no replica is known");
  auto ran = with_replicas(config, [&](read::ThreadContext& context) -> asio::awaitable<void> {
    read = co_await api::read_covered(context, std::move(request), {}, config.limit,
                                      shown_conflicts, [&](const api::Covered& series) {
                                        text += comparison.add(series);
                                        return true;
                                      });
  });
  if (ran.has_error()) return std::move(ran).error();
  if (read.has_error()) return std::move(read).error();
  if (read->replicas.size() < 2) {
    return Error(ErrorKind::bad_request, "two replicas are needed to compare, " +
                                             std::to_string(read->replicas.size()) + " found");
  }
  if (!read->failures.empty()) {
    return Error(ErrorKind::unavailable, "a replica can't be compared: " + read->failures.front());
  }
  Differences out{heading(*read) + text, comparison.differs()};
  if (read->cut) out.text += "Only the first " + std::to_string(config.limit) + " series.\n";
  out.text += comparison.summary();
  return out;
}

}  // namespace prombraid::app
