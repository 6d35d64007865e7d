/// A SAMPLES answer: one snappy block, kept compressed until it is whole.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "base/error.h"
#include "query/plan.h"
#include "read/groups.h"
#include "read/merged.h"
#include "read/thread_context.h"
#include "wire/samples_writer.h"

namespace prombraid::read {

/// Nothing is sent before the answer is whole, so any failure can still be told as one.
class SampledAnswer {
 public:
  SampledAnswer(ThreadContext& context, const query::Plan& plan, Contributors& contributors);

  /// Errors: limit for more samples than `--storage.remote.read-sample-limit` in one query, worded
  /// as Prometheus does; unavailable where too few replicas were left.
  boost::asio::awaitable<Result<wire::BufferList>> make();

 private:
  boost::asio::awaitable<Result<void>> make_query(std::size_t query);
  Result<std::uint64_t> append_series(const merge::SeriesJoin::Group& group,
                                      const query::Asked& asked);

  ThreadContext& context_;
  const query::Plan& plan_;
  Contributors& contributors_;
  MergedSeries merged_;
  wire::SamplesWriter writer_;
  Held held_;
};

}  // namespace prombraid::read
