#include "read/streamed_answer.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "read/slice.h"

namespace prombraid::read {

namespace asio = boost::asio;

namespace {

/// One write of this size costs a system call for some 40,000 samples; a larger one only memory.
constexpr std::size_t flush_bytes = 64 * 1024;

/// Counts a streamed answer for as long as it runs.
struct Streaming {
  explicit Streaming(std::atomic<std::size_t>& count) : count_(count) { ++count_; }
  ~Streaming() { --count_; }
  Streaming(const Streaming&) = delete;
  Streaming& operator=(const Streaming&) = delete;

 private:
  std::atomic<std::size_t>& count_;
};

}  // namespace

StreamedAnswer::StreamedAnswer(ThreadContext& context, const query::Plan& plan,
                               Contributors& contributors)
    : context_(context),
      plan_(plan),
      contributors_(contributors),
      merged_(context.counters),
      held_(context.shared.memory) {}

asio::awaitable<Result<void>> StreamedAnswer::send(server::Responder& out,
                                                   std::vector<server::Header> headers) {
  if (auto begun = co_await out.begin(200, std::move(headers)); begun.has_error()) {
    co_return begun.error();
  }
  const Streaming streaming(context_.shared.streaming);
  const auto executor = co_await asio::this_coro::executor;
  Spool spool(executor);
  Result<void> produced;
  Result<void> sent;
  auto producing = asio::co_spawn(executor, produce(spool, produced), asio::deferred);
  auto consuming = asio::co_spawn(executor, consume(spool, out, sent), asio::deferred);
  co_await asio::experimental::make_parallel_group(std::move(producing), std::move(consuming))
      .async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
  client_lost_ = sent.has_error();
  if (sent.has_error()) co_return sent.error();
  if (produced.has_error()) co_return produced.error();
  co_return co_await out.finish();
}

asio::awaitable<void> StreamedAnswer::produce(Spool& spool, Result<void>& outcome) {
  for (std::size_t q = 0; q < plan_.queries.size() && !outcome.has_error(); ++q) {
    outcome = co_await produce_query(spool, q);
  }
  if (!outcome.has_error()) outcome = co_await flush(spool);
  spool.end();
}

asio::awaitable<Result<void>> StreamedAnswer::produce_query(Spool& spool, std::size_t query) {
  Groups groups(contributors_, query);
  Slice slice;
  for (;;) {
    auto group = co_await groups.next();
    if (group.has_error()) co_return group.error();
    if (*group == nullptr) break;
    if (auto framed = append_frame(query, **group); framed.has_error()) co_return framed.error();
    if (pending_.size() >= flush_bytes) {
      if (auto flushed = co_await flush(spool); flushed.has_error()) co_return flushed.error();
    }
    co_await slice.pause();
  }
  co_return Result<void>();
}

Result<void> StreamedAnswer::append_frame(std::size_t query,
                                          const merge::SeriesJoin::Group& group) {
  const query::Asked& asked = plan_.queries[query];
  std::span<const Chunk> chunks;
  if (!asked.series_only) {
    merged_.merge(group, asked);
    contributors_.lose_faulty(merged_.faults());
    if (merged_.empty()) return {};
    auto made = merged_.chunks();
    if (made.has_error()) return std::move(made).error();
    chunks = *made;
  }
  const auto index = static_cast<std::int64_t>(query);
  const std::size_t size = wire::chunked_message_size(index, group.labels(), chunks);
  if (size > client_frame_limit) {
    context_.counters.limit_hits[metrics::Limit::frame_bytes].add();
    return Error(ErrorKind::limit,
                 "series " + to_string(group.labels()) + " takes " + std::to_string(size) +
                     " bytes, and a client reads at most " + std::to_string(client_frame_limit) +
                     " in one frame: ask for a shorter range, or for SAMPLES");
  }
  const auto parts = frame_.write(index, group.labels(), chunks);
  // Once, and not by doubling from nothing after each flush. A small answer takes what it needs.
  if (flushed_ && pending_.empty()) pending_.reserve(flush_bytes + flush_bytes / 8);
  for (const std::string_view part : parts) pending_ += part;
  return {};
}

/// How much may wait in the spool. Beyond the usual the budget must agree: where it does not, the
/// replicas wait for this client after all.
std::size_t StreamedAnswer::bound(const Spool& spool) {
  const Settings& settings = context_.settings;
  const bool crowded = context_.shared.streaming.load(std::memory_order_relaxed) >= crowd;
  const bool granted = held_.resize(spool.bytes());
  return crowded && granted ? settings.spool_bytes_crowded : settings.spool_bytes;
}

asio::awaitable<Result<void>> StreamedAnswer::flush(Spool& spool) {
  if (pending_.empty()) co_return Result<void>();
  std::string full = std::exchange(pending_, {});
  flushed_ = true;
  const bool taken = co_await spool.push(std::move(full), [&] { return bound(spool); });
  if (!taken) co_return Error(ErrorKind::unavailable, "the client stopped reading");
  co_return Result<void>();
}

asio::awaitable<void> StreamedAnswer::consume(Spool& spool, server::Responder& out,
                                              Result<void>& outcome) {
  for (;;) {
    std::optional<std::string> bytes = co_await spool.pop();
    if (!bytes) co_return;
    const std::string_view parts[] = {*bytes};
    outcome = co_await out.write(parts);
    if (outcome.has_error()) {
      spool.give_up();
      co_return;
    }
  }
}

}  // namespace prombraid::read
