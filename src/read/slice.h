/// Work in slices, so that a large read does not keep a small one waiting.
#pragma once

#include <chrono>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace prombraid::read {

/// A slice lasts a millisecond. Asking the clock costs some 25 ns; ask once a series:
///
///     if (slice.over()) co_await slice.pause();
class Slice {
 public:
  /// Lets everything else that is ready on this thread go first.
  boost::asio::awaitable<void> pause() {
    co_await boost::asio::post(co_await boost::asio::this_coro::executor,
                               boost::asio::use_awaitable);
    begun_ = std::chrono::steady_clock::now();
  }

  bool over() const {
    return std::chrono::steady_clock::now() - begun_ >= std::chrono::milliseconds(1);
  }

 private:
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

}  // namespace prombraid::read
