#include "read/spool.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace prombraid::read {

namespace asio = boost::asio;

/// Returns when the other side did something, and after a while in any case: the bound may have
/// grown by what other reads do, on other threads.
asio::awaitable<void> Spool::changed() {
  changed_.expires_after(std::chrono::milliseconds(50));
  co_await changed_.async_wait(asio::as_tuple(asio::use_awaitable));
}

void Spool::end() {
  ended_ = true;
  changed_.cancel();
}

void Spool::give_up() {
  given_up_ = true;
  changed_.cancel();
}

asio::awaitable<std::optional<wire::Bytes>> Spool::pop() {
  while (queue_.empty() && !ended_) co_await changed();
  if (queue_.empty()) co_return std::nullopt;
  std::optional<wire::Bytes> out(std::move(queue_.front()));
  queue_.pop_front();
  bytes_ -= out->size();
  changed_.cancel();
  co_return out;
}

}  // namespace prombraid::read
