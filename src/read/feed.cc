#include "read/feed.h"

#include <algorithm>

namespace prombraid::read {

namespace asio = boost::asio;
using replica::FailureReason;
using replica::ReadFailure;
using replica::ReadResult;
using MaybeStrand = std::optional<Strand>;

ReplicaFeed::ReplicaFeed(std::unique_ptr<replica::ReadStream> stream, FeedContext context)
    : stream_(std::move(stream)), context_(context), held_(context.memory) {}

bool ReplicaFeed::must_collect() const {
  return !context_.member.external_labels || stream_->stats().samples ||
         context_.lessons.unsorted.load(std::memory_order_relaxed);
}

void ReplicaFeed::begin(std::size_t query) {
  query_ = query;
  const auto& indexes = context_.read.query_index;
  const auto at = std::lower_bound(indexes.begin(), indexes.end(), query);
  asked_ = at != indexes.end() && *at == query;
  ended_ = !asked_;
  collects_ = must_collect();
  sorted_.clear();
  held_.resize(0);
  if (!asked_) return;
  local_ = static_cast<std::size_t>(at - indexes.begin());
  arrival_.emplace(context_.member, context_.replica_labels,
                   context_.read.keep_replica_labels[local_], context_.read.post_filters[local_]);
  order_.emplace(context_.member.external_labels ? &*context_.member.external_labels : nullptr);
}

MaybeStrand ReplicaFeed::sorted() {
  if (!sorted_.empty()) {
    MaybeStrand first(std::move(sorted_.front()));
    sorted_.pop_front();
    return first;
  }
  return asked_ && !collects_ ? order_->pop() : std::nullopt;
}

MaybeStrand ReplicaFeed::ready(std::size_t query) {
  if (query_ != query) begin(query);
  for (;;) {
    if (MaybeStrand first = sorted()) return first;
    if (ended_ || collects_ || !arrive_ready()) return std::nullopt;
  }
}

/// True where a series of this query was there, and was taken or dropped.
bool ReplicaFeed::arrive_ready() {
  if (!ahead_) ahead_ = stream_->ready();
  if (!ahead_ || ahead_->query_index != local_) return false;
  Strand strand = std::move(ahead_->strand);
  ahead_.reset();
  if (arrival_->admit(strand)) {
    ++series_;
    order_->push(std::move(strand));
  }
  return true;
}

asio::awaitable<ReadResult<MaybeStrand>> ReplicaFeed::next(std::size_t query) {
  if (query_ != query) begin(query);
  for (;;) {
    if (MaybeStrand first = sorted()) co_return first;
    if (ended_) co_return MaybeStrand();
    ReadResult<bool> pulled = co_await pull();
    if (pulled.has_error()) co_return pulled.error();
  }
}

/// Takes one series from the stream, or all of them where they must be sorted.
asio::awaitable<ReadResult<bool>> ReplicaFeed::pull() {
  std::vector<Strand> all;
  std::size_t bytes = 0;
  do {
    ReadResult<MaybeStrand> arrived = co_await arrive();
    if (arrived.has_error()) co_return arrived.error();
    if (!*arrived) {
      ended_ = true;
      order_->end();
      break;
    }
    if (!collects_) {
      order_->push(std::move(**arrived));
      break;
    }
    bytes += (*arrived)->bytes();
    if (bytes > context_.max_collected_bytes || !held_.resize(bytes)) co_return too_much();
    all.push_back(std::move(**arrived));
  } while (true);
  std::sort(all.begin(), all.end(),
            [](const Strand& a, const Strand& b) { return compare(a.labels, b.labels) < 0; });
  for (Strand& strand : all) {
    if (!sorted_.empty() && sorted_.back().labels == strand.labels) {
      query::absorb(std::move(strand), sorted_.back());
    } else {
      sorted_.push_back(std::move(strand));
    }
  }
  co_return true;
}

/// The next series that belongs to the answer of this query; nothing where they are over.
asio::awaitable<ReadResult<MaybeStrand>> ReplicaFeed::arrive() {
  for (;;) {
    if (!ahead_) {
      ReadResult<std::optional<replica::IndexedStrand>> got = co_await stream_->next();
      if (got.has_error()) co_return got.error();
      if (!*got) co_return MaybeStrand();
      ahead_ = std::move(*got);
    }
    if (ahead_->query_index > local_) co_return MaybeStrand();
    if (ahead_->query_index < local_) {
      co_return replica::failure_of(stream_->endpoint(), FailureReason::corrupt_frame,
                                    "series of query " + std::to_string(ahead_->query_index) +
                                        " after those of query " + std::to_string(local_));
    }
    Strand strand = std::move(ahead_->strand);
    ahead_.reset();
    if (!arrival_->admit(strand)) continue;
    ++series_;
    co_return MaybeStrand(std::move(strand));
  }
}

ReadFailure ReplicaFeed::too_much() const {
  return replica::failure_of(stream_->endpoint(), FailureReason::limit,
                             "the answer must be sorted here and is longer than " +
                                 std::to_string(context_.max_collected_bytes) +
                                 " bytes, or than what --read.memory-limit leaves");
}

}  // namespace prombraid::read
