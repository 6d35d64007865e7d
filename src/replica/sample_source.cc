#include "replica/sample_source.h"

#include <algorithm>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace prombraid::replica {

namespace {

/// About a millisecond of work: then others on this thread have their turn.
constexpr std::size_t samples_a_turn = 20000;

/// `b`'s samples behind those of `a`, which has the same labels. The merge puts them in order.
void append(Strand&& b, Strand& a) {
  a.chunks.insert(a.chunks.end(), b.chunks.begin(), b.chunks.end());
  for (auto& buffer : b.buffers) a.buffers.push_back(std::move(buffer));
}

}  // namespace

asio::awaitable<ReadResult<std::optional<IndexedStrand>>> SampleSource::next() {
  if (!loaded_) {
    auto loaded = co_await load();
    if (!loaded) co_return loaded.error();
    loaded_ = true;
  }
  if (taken_ == strands_.size()) co_return std::optional<IndexedStrand>();
  std::optional<IndexedStrand> next(std::move(strands_[taken_++]));
  while (taken_ < strands_.size() && strands_[taken_].query_index == next->query_index &&
         strands_[taken_].strand.labels == next->strand.labels) {
    append(std::move(strands_[taken_++].strand), next->strand);
  }
  co_return next;
}

asio::awaitable<ReadResult<void>> SampleSource::load() {
  auto body = co_await read_body();
  if (!body) co_return body.error();
  auto reader = wire::SamplesReader::open(*body, limits_.answer);
  if (!reader) co_return fail(reader.error());
  *body = std::string();
  if (reader->results() != limits_.queries) {
    co_return fail(Error(ErrorKind::corrupt, std::to_string(reader->results()) + " results for " +
                                                 std::to_string(limits_.queries) + " queries"));
  }
  auto encoded = co_await encode(std::move(*reader));
  if (!encoded) co_return encoded.error();
  sort();
  co_return ReadResult<void>();
}

asio::awaitable<ReadResult<std::string>> SampleSource::read_body() {
  const Error too_long(ErrorKind::limit, "the answer is longer than " +
                                             std::to_string(limits_.max_response_bytes) +
                                             " bytes (--read.max-response-bytes)");
  if (exchange_.head().length.value_or(0) > limits_.max_response_bytes) co_return fail(too_long);
  std::string body;
  for (;;) {
    auto piece = co_await exchange_.body();
    if (!piece) co_return piece.error();
    if (piece->empty()) co_return body;
    if (piece->size() > limits_.max_response_bytes - body.size()) co_return fail(too_long);
    body += *piece;
  }
}

asio::awaitable<ReadResult<void>> SampleSource::encode(wire::SamplesReader reader) {
  const auto executor = co_await asio::this_coro::executor;
  StrandEncoder encoder;
  wire::SampledSeries series;
  std::size_t done = 0;
  for (;;) {
    auto more = reader.next(series);
    if (!more) co_return fail(more.error());
    if (!*more) co_return ReadResult<void>();
    done += series.floats.size() + series.histogram_count() + 1;
    const std::size_t query = series.result;
    auto strand = encoder.encode(series);
    if (!strand) co_return fail(strand.error());
    strands_.emplace_back(query, std::move(*strand));
    if (done < samples_a_turn) continue;
    done = 0;
    co_await asio::post(executor, asio::use_awaitable);
  }
}

void SampleSource::sort() {
  const auto before = [](const IndexedStrand& a, const IndexedStrand& b) {
    if (a.query_index != b.query_index) return a.query_index < b.query_index;
    return compare(a.strand.labels, b.strand.labels) < 0;
  };
  if (std::is_sorted(strands_.begin(), strands_.end(), before)) return;
  std::sort(strands_.begin(), strands_.end(), before);
}

ReadFailure SampleSource::fail(const Error& error) const {
  return failure_of(exchange_.endpoint(), reason_of(error), error.what);
}

}  // namespace prombraid::replica
