#include "read/sampled_answer.h"

#include "read/slice.h"

namespace prombraid::read {

namespace asio = boost::asio;

SampledAnswer::SampledAnswer(ThreadContext& context, const query::Plan& plan,
                             Contributors& contributors)
    : context_(context),
      plan_(plan),
      contributors_(contributors),
      merged_(context.counters, contributors.samples),
      held_(context.shared.memory) {}

asio::awaitable<Result<wire::BufferList>> SampledAnswer::make() {
  for (std::size_t q = 0; q < plan_.queries.size(); ++q) {
    if (auto made = co_await make_query(q); made.has_error()) co_return made.error();
  }
  co_return writer_.finish();
}

asio::awaitable<Result<void>> SampledAnswer::make_query(std::size_t query) {
  const std::uint64_t limit = context_.settings.sample_limit;
  std::uint64_t samples = 0;
  Groups groups(contributors_, query);
  Slice slice;
  writer_.begin_result();
  for (;;) {
    auto group = co_await groups.next();
    if (group.has_error()) co_return group.error();
    if (*group == nullptr) break;
    auto added = append_series(**group, plan_.queries[query]);
    if (added.has_error()) co_return added.error();
    samples += *added;
    if (limit != 0 && samples > limit) {
      context_.counters.limit_hits[metrics::Limit::samples].add();
      co_return Error(ErrorKind::bad_request,
                      "exceeded sample limit (" + std::to_string(limit) + ")");
    }
    if (writer_.too_long()) {
      co_return Error(ErrorKind::bad_request, "the answer is longer than a client can decode");
    }
    if (!held_.resize(writer_.bytes())) {
      context_.counters.limit_hits[metrics::Limit::memory].add();
      co_return Error(ErrorKind::unavailable, "the answer passes what --read.memory-limit leaves");
    }
    if (slice.over()) co_await slice.pause();
  }
  co_return Result<void>();
}

Result<std::uint64_t> SampledAnswer::append_series(const merge::SeriesJoin::Group& group,
                                                   const query::Asked& asked) {
  if (asked.series_only) {
    writer_.begin_series(group.labels());
    writer_.end_series();
    return std::uint64_t{0};
  }
  merged_.merge(group, asked);
  contributors_.lose_faulty(merged_.faults());
  if (merged_.empty()) return std::uint64_t{0};
  writer_.begin_series(group.labels());
  auto written = merged_.write_samples(writer_);
  writer_.end_series();
  return written;
}

}  // namespace prombraid::read
