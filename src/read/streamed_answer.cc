#include "read/streamed_answer.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "wire/frame_writer.h"

namespace prombraid::read {

namespace asio = boost::asio;

namespace {

/// The first bytes go out when there are so many, or after the first slice of work: a client that
/// waits for them is told early, and an answer that is over before that takes one write in all.
constexpr std::size_t first_bytes = 16 * 1024;

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
      merged_(context.counters, contributors.samples),
      held_(context.shared.memory) {}

asio::awaitable<Result<void>> StreamedAnswer::send(server::Responder& out,
                                                   std::vector<server::Header> headers) {
  const Streaming streaming(context_.shared.streaming);
  auto more = co_await gather(first_bytes);
  if (more.has_error()) co_return more.error();
  begun_ = true;
  if (!*more) co_return co_await send_whole(out, std::move(headers));
  if (auto begun = co_await out.begin(200, std::move(headers)); begun.has_error()) {
    co_return begun.error();
  }
  co_return co_await stream(out);
}

asio::awaitable<Result<void>> StreamedAnswer::send_whole(server::Responder& out,
                                                         std::vector<server::Header> headers) {
  const std::string_view parts[] = {pending_.view()};
  auto sent = co_await out.send(server::Response(200, std::move(headers), ""), parts);
  client_lost_ = sent.has_error();
  co_return sent;
}

/// The merge goes on while the client takes what is there.
asio::awaitable<Result<void>> StreamedAnswer::stream(server::Responder& out) {
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
  outcome = co_await flush(spool);
  co_await slice_.pause();  // these the client waits for: they go out before more is read
  for (bool more = true; more && !outcome.has_error();) {
    auto gathered = co_await gather(flush_bytes);
    if (gathered.has_error()) outcome = gathered.error();
    more = !gathered.has_error() && *gathered;
    if (!outcome.has_error()) outcome = co_await flush(spool);
  }
  spool.end();
}

/// Puts frames into `pending_` until it holds `enough` bytes. False where there is nothing more.
asio::awaitable<Result<bool>> StreamedAnswer::gather(std::size_t enough) {
  for (; query_ < plan_.queries.size(); ++query_) {
    if (!groups_) groups_.emplace(contributors_, query_);
    for (;;) {
      auto group = co_await groups_->next();
      if (group.has_error()) co_return group.error();
      if (*group == nullptr) break;
      auto framed = append_frame(query_, **group);
      if (framed.has_error()) co_return framed.error();
      const bool late = !begun_ && slice_.over() && !pending_.empty();
      if (late || pending_.size() >= enough) co_return true;
      if (slice_.over()) co_await slice_.pause();
    }
    groups_.reset();
  }
  co_return false;
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
  const wire::FrameSize size(index, group.labels(), chunks);
  if (size.message > client_frame_limit) {
    context_.counters.limit_hits[metrics::Limit::frame_bytes].add();
    return Error(ErrorKind::limit,
                 "series " + to_string(group.labels()) + " takes " + std::to_string(size.message) +
                     " bytes, and a client reads at most " + std::to_string(client_frame_limit) +
                     " in one frame: ask for a shorter range, or for SAMPLES");
  }
  // Once, and not by doubling from nothing after each flush. A small answer takes what it needs.
  if (flushed_ && pending_.empty()) pending_.room(flush_bytes + flush_bytes / 8);
  wire::append_frame(index, group.labels(), chunks, size, pending_);
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
  flushed_ = true;
  const bool taken = co_await spool.push(std::move(pending_), [&] { return bound(spool); });
  if (!taken) co_return Error(ErrorKind::unavailable, "the client stopped reading");
  co_return Result<void>();
}

asio::awaitable<void> StreamedAnswer::consume(Spool& spool, server::Responder& out,
                                              Result<void>& outcome) {
  for (;;) {
    std::optional<wire::Bytes> bytes = co_await spool.pop();
    if (!bytes) co_return;
    const std::string_view parts[] = {bytes->view()};
    outcome = co_await out.write(parts);
    if (outcome.has_error()) {
      spool.give_up();
      co_return;
    }
  }
}

}  // namespace prombraid::read
