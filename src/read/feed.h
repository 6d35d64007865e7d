/// One replica's part of a read: its series, query by query, in the order of the answer.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>

#include <boost/asio/awaitable.hpp>

#include "query/arrival.h"
#include "query/final_order.h"
#include "query/plan.h"
#include "read/memory_budget.h"
#include "read/replica_set.h"
#include "replica/read_stream.h"

namespace prombraid::read {

/// What a feed must know, all of it longer-lived than the feed.
struct FeedContext {
  const query::Member& member;
  const query::MemberRead& read;
  const query::ReplicaLabels& replica_labels;
  const Lessons& lessons;
  std::size_t max_collected_bytes;
  MemoryBudget& memory;
};

/// Series come as the stream gives them, with what FinalOrder holds back. Where the stream can't be
/// trusted to be sorted (a replica whose external labels nobody knows, a SAMPLES answer, which is
/// sorted by other labels; one that was out of order before) all series of a query are collected
/// first, within a limit, and sorted.
class ReplicaFeed {
 public:
  ReplicaFeed(std::unique_ptr<replica::ReadStream> stream, FeedContext context);

  /// The next series of `query`, where it came with what was read before. Nothing says nothing: ask
  /// `next`, for which a coroutine must begin, and five more under it. A stream of series is read
  /// some fifteen to a socket's buffer.
  std::optional<Strand> ready(std::size_t query);

  /// The next series of the client's query number `query`; nothing after the last. Queries are
  /// asked for in rising order.
  boost::asio::awaitable<replica::ReadResult<std::optional<Strand>>> next(std::size_t query);

  /// The memory of a series that is over, for one to come.
  void reuse(Strand&& strand) { stream_->reuse(std::move(strand)); }

  /// The time that this replica may take from now on. What is spent waiting for others, the client
  /// or another replica, is not its own.
  void allow(std::chrono::nanoseconds time) { stream_->allow(time); }

  const query::Member& member() const { return context_.member; }
  replica::ReadStats stats() const { return stream_->stats(); }
  /// That belong to the answer, so far.
  std::uint64_t series() const { return series_; }

 private:
  void begin(std::size_t query);
  std::optional<Strand> sorted();
  bool arrive_ready();
  boost::asio::awaitable<replica::ReadResult<std::optional<Strand>>> arrive();
  boost::asio::awaitable<replica::ReadResult<bool>> pull();
  replica::ReadFailure too_much() const;
  bool must_collect() const;

  std::unique_ptr<replica::ReadStream> stream_;
  FeedContext context_;
  std::optional<std::size_t> query_;  ///< the client's number
  std::uint64_t series_ = 0;
  std::size_t local_ = 0;  ///< the number in what this replica was asked
  bool asked_ = false;     ///< this replica was asked for it
  bool ended_ = false;
  bool collects_ = false;  ///< decided at its begin: what `order_` holds is never left behind
  std::optional<query::Arrival> arrival_;
  std::optional<query::FinalOrder> order_;
  std::deque<Strand> sorted_;
  Held held_;                                    ///< for `sorted_`
  std::optional<replica::IndexedStrand> ahead_;  ///< the first series of a later query
};

}  // namespace prombraid::read
