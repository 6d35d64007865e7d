/// The series of one query, each with the strands that the replicas have of it.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "merge/piece.h"
#include "merge/series_join.h"
#include "metrics/counters.h"
#include "read/failures.h"
#include "read/feed.h"
#include "read/replica_span.h"

namespace prombraid::read {

/// One set's part in a read.
struct SetShare {
  std::size_t asked = 0;   ///< replicas
  std::size_t alive = 0;   ///< of them
  std::size_t needed = 0;  ///< fewer than this: the read fails
};

/// The replicas that still take part in a read, by rank, and those that fell out of it.
struct Contributors {
  std::vector<std::unique_ptr<ReplicaFeed>> feeds;  ///< null: failed
  std::vector<std::size_t> set_of;                  ///< of each feed
  std::vector<std::string> names;                   ///< of each feed, as errors call it
  std::vector<ReplicaSpan> spans;                   ///< of each feed
  FailedReplicas failed;
  std::vector<SetShare> shares;       ///< one a set
  std::vector<std::string> left_out;  ///< sets that were to be asked and have no replica
  std::uint64_t joined = 0;           ///< series that more than one set had a part of
  std::uint64_t series = 0;           ///< of all queries, that were given so far
  std::uint64_t samples = 0;          ///< of what was merged so far
  std::uint64_t max_series = 0;       ///< more than this: the read fails; 0: any number

  std::size_t alive() const;

  /// The set that has fewer replicas left than are needed; nothing where all have enough. Where
  /// no replica of any set is left that is the first that was asked: no replica is an error.
  std::optional<std::size_t> lacking() const;

  /// Some replica, or a whole set, has no part in the answer.
  bool partial() const { return !failed.empty() || !left_out.empty(); }

  void lose(std::size_t i, replica::ReadFailure failure);
  void lose(std::size_t i, replica::FailureReason reason, Error error);

  /// The answer is over: ends the spans of those that have a part in it.
  void end_spans();

  /// The replicas whose part of a series did not decode. What they sent before was answered; they
  /// are not asked on.
  void lose_faulty(std::span<const merge::Fault> faults);
};

/// Gives the groups of one query in label order. A replica that fails midway is left out from
/// there on and the others finish.
class Groups {
 public:
  Groups(Contributors& contributors, std::size_t query);

  /// The next group, null after the last. Fails where fewer replicas are left than are needed,
  /// and with limit for more series than there may be.
  boost::asio::awaitable<Result<const merge::SeriesJoin::Group*>> next();

 private:
  bool put_ready(std::size_t i);
  boost::asio::awaitable<void> ask(std::size_t i);
  void put(std::size_t i, Strand&& strand);
  void lose(std::size_t i, replica::FailureReason reason, Error error);
  void count_joined(const merge::SeriesJoin::Group& group);
  Error too_many() const;

  Contributors& contributors_;
  std::size_t query_;
  merge::SeriesJoin join_;
};

}  // namespace prombraid::read
