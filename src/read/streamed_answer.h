/// A STREAMED_XOR_CHUNKS answer: frames go out while series come in.
#pragma once

#include <optional>

#include <boost/asio/awaitable.hpp>

#include "base/error.h"
#include "query/plan.h"
#include "read/groups.h"
#include "read/merged.h"
#include "read/slice.h"
#include "read/spool.h"
#include "read/thread_context.h"
#include "server/http.h"
#include "wire/bytes.h"

namespace prombraid::read {

/// Answers a settled read. The memory it takes is the largest series, twice, and the spool,
/// whatever the range and the number of series.
class StreamedAnswer {
 public:
  StreamedAnswer(ThreadContext& context, const query::Plan& plan, Contributors& contributors);

  /// Sends everything: an answer of a few series whole, with its length, and a longer one from the
  /// first few series on. On an error the answer is incomplete: where it has `begun`, `out` must be
  /// aborted, as it must never end cleanly; else another answer can be given.
  boost::asio::awaitable<Result<void>> send(server::Responder& out,
                                            std::vector<server::Header> headers);

  bool begun() const { return begun_; }

  /// True where it was the client that could not be reached any more.
  bool client_lost() const { return client_lost_; }

 private:
  boost::asio::awaitable<Result<bool>> gather(std::size_t enough);
  boost::asio::awaitable<Result<void>> send_whole(server::Responder& out,
                                                  std::vector<server::Header> headers);
  boost::asio::awaitable<Result<void>> stream(server::Responder& out);
  boost::asio::awaitable<void> produce(Spool& spool, Result<void>& outcome);
  Result<void> append_frame(std::size_t query, const merge::SeriesJoin::Group& group);
  boost::asio::awaitable<Result<void>> flush(Spool& spool);
  boost::asio::awaitable<void> consume(Spool& spool, server::Responder& out, Result<void>& outcome);
  std::size_t bound(const Spool& spool);

  ThreadContext& context_;
  const query::Plan& plan_;
  Contributors& contributors_;
  MergedSeries merged_;
  std::size_t query_ = 0;         ///< which is being answered
  std::optional<Groups> groups_;  ///< its series
  Slice slice_;
  wire::Bytes pending_;
  bool begun_ = false;
  bool client_lost_ = false;
  Held held_;             ///< for what the spool holds
  bool flushed_ = false;  ///< the answer is longer than one flush
};

}  // namespace prombraid::read
