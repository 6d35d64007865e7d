/// What waits between the merge and a client that reads more slowly.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "wire/bytes.h"

namespace prombraid::read {

/// A bounded queue between two coroutines of one thread. Its bound is what makes a slow client
/// stall the merge, and the merge the replicas' sockets.
///
/// The bound is asked anew while the producer waits, because it may have to grow: a PromQL query of
/// twelve selectors opens twelve streams and reads none before all have begun, while a Prometheus
/// replica serves ten. The twelfth can begin only when an earlier one lets go of its replicas, and
/// it can do so only by taking their whole answer in.
class Spool {
 public:
  explicit Spool(boost::asio::any_io_executor executor) : changed_(executor) {}

  /// Waits while the spool holds `bound()` bytes or more. False: the consumer has given up.
  template <class Bound>
  boost::asio::awaitable<bool> push(wire::Bytes bytes, Bound bound) {
    while (!given_up_ && bytes_ >= bound()) co_await changed();
    if (given_up_) co_return false;
    bytes_ += bytes.size();
    queue_.push_back(std::move(bytes));
    changed_.cancel();
    co_return true;
  }

  /// No more will be pushed.
  void end();

  /// Waits for bytes; nothing after the end.
  boost::asio::awaitable<std::optional<wire::Bytes>> pop();

  /// The consumer stops: every push from now on is refused.
  void give_up();

  std::size_t bytes() const { return bytes_; }

 private:
  boost::asio::awaitable<void> changed();

  boost::asio::steady_timer changed_;
  std::deque<wire::Bytes> queue_;
  std::size_t bytes_ = 0;
  bool ended_ = false;
  bool given_up_ = false;
};

}  // namespace prombraid::read
