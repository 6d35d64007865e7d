#include "replica/read_stream.h"

#include "replica/exchange.h"
#include "replica/frame_source.h"
#include "replica/http_request.h"
#include "replica/sample_source.h"
#include "wire/request.h"

namespace prombraid::replica {

namespace {

using Next = ReadResult<std::optional<IndexedStrand>>;

StrandJoiner::Limits joiner_limits(const ReadOptions& options) {
  StrandJoiner::Limits limits;
  limits.queries = options.queries;
  limits.max_series_bytes = options.max_series_bytes;
  limits.series = options.answer.series;
  return limits;
}

SampleSource::Limits sample_limits(const ReadOptions& options) {
  SampleSource::Limits limits;
  limits.queries = options.queries;
  limits.max_response_bytes = options.max_response_bytes;
  limits.answer = options.answer;
  return limits;
}

ReadFailure not_an_answer(const Exchange& exchange, const std::string& what) {
  ReadFailure failure =
      failure_of(exchange.endpoint(), FailureReason::content_type, "answered 200 with " + what);
  failure.status = exchange.head().status;
  return failure;
}

/// The source that fits the answer's head.
ReadResult<std::unique_ptr<StrandSource>> source_for(Exchange& exchange,
                                                     const ReadOptions& options) {
  const ResponseHead& head = exchange.head();
  const std::string& encoding = head.content_encoding;
  if (!head.framed()) {
    return failure_of(exchange.endpoint(), FailureReason::bad_http,
                      "its answer has neither a length nor chunks: its end could not be seen");
  }
  if (head.content_type.starts_with(wire::content_type(wire::ResponseType::streamed_chunks))) {
    if (!encoding.empty()) {
      return not_an_answer(exchange, "Content-Encoding \"" + printable(encoding, 64) + '"');
    }
    return std::make_unique<FrameSource>(exchange, options.max_frame_bytes, joiner_limits(options));
  }
  if (head.content_type.starts_with(wire::content_type(wire::ResponseType::samples))) {
    if (encoding != "snappy") {
      return not_an_answer(
          exchange, "Content-Encoding \"" + printable(encoding, 64) + "\" instead of \"snappy\"");
    }
    return std::make_unique<SampleSource>(exchange, sample_limits(options));
  }
  return not_an_answer(exchange, "Content-Type \"" + printable(head.content_type, 128) +
                                     "\": not a remote_read answer");
}

}  // namespace

struct ReadStream::Parts {
  std::unique_ptr<Exchange> exchange;
  std::unique_ptr<StrandSource> source;
  std::optional<IndexedStrand> first;  ///< what `open` has read ahead
  std::optional<ReadFailure> failed;
  bool ended = false;
};

ReadStream::ReadStream(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
ReadStream::~ReadStream() = default;

asio::awaitable<ReadResult<std::unique_ptr<ReadStream>>> ReadStream::open(Connections& connections,
                                                                          Endpoint endpoint,
                                                                          std::string body,
                                                                          ReadOptions options) {
  std::string extra = options.headers;
  if (connections.has_credentials()) {
    auto lines = co_await connections.header_lines(endpoint, options.deadline);
    if (!lines) co_return lines.error();
    extra += *lines;
  }
  std::string request = read_request_head(endpoint, body.size(), extra) + body;
  auto started = co_await Exchange::start(connections, std::move(endpoint), std::move(request),
                                          options.deadline);
  if (!started) co_return started.error();

  auto parts = std::make_unique<Parts>();
  parts->exchange = std::move(*started);
  Exchange& exchange = *parts->exchange;
  exchange.set_stall(options.stall);
  if (exchange.head().status != 200) {
    const std::string text = co_await exchange.explanation();
    co_return status_failure(exchange.endpoint(), exchange.head().status, text,
                             exchange.head().others);
  }
  auto source = source_for(exchange, options);
  if (!source) co_return source.error();
  parts->source = std::move(*source);

  std::unique_ptr<ReadStream> stream(new ReadStream(std::move(parts)));
  auto first = co_await stream->next();
  if (!first) co_return first.error();
  stream->parts_->first = std::move(*first);
  co_return stream;
}

std::optional<IndexedStrand> ReadStream::ready() {
  if (parts_->first) return std::exchange(parts_->first, std::nullopt);
  if (parts_->failed || parts_->ended) return std::nullopt;
  return parts_->source->ready();
}

asio::awaitable<Next> ReadStream::next() {
  if (parts_->first) co_return std::exchange(parts_->first, std::nullopt);
  if (parts_->failed) co_return *parts_->failed;
  if (parts_->ended) co_return std::optional<IndexedStrand>();
  auto next = co_await parts_->source->next();
  if (!next) {
    parts_->exchange->cancel();
    parts_->failed = next.error();
    parts_->failed->status = parts_->exchange->head().status;
    co_return *parts_->failed;
  }
  parts_->ended = !next->has_value();
  co_return next;
}

void ReadStream::reuse(Strand&& strand) {
  parts_->source->reuse(std::move(strand));
}

void ReadStream::set_deadline(Deadline deadline) {
  parts_->exchange->set_deadline(deadline);
}

void ReadStream::allow(std::chrono::nanoseconds time) {
  parts_->exchange->set_deadline(no_deadline);
  parts_->exchange->allow(time);
}

void ReadStream::cancel() {
  parts_->exchange->cancel();
}

const Endpoint& ReadStream::endpoint() const {
  return parts_->exchange->endpoint();
}

ReadStats ReadStream::stats() const {
  const Exchange& exchange = *parts_->exchange;
  ReadStats stats;
  stats.bytes = exchange.bytes();
  stats.time_to_first_byte = exchange.time_to_first_byte();
  stats.time_to_end = exchange.time_to_end();
  stats.status = exchange.head().status;
  stats.reused_connection = exchange.reused_connection();
  stats.samples = dynamic_cast<const SampleSource*>(parts_->source.get()) != nullptr;
  return stats;
}

}  // namespace prombraid::replica
