#include "read/gate.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace prombraid::read {

namespace asio = boost::asio;

namespace {}  // namespace

asio::awaitable<Gate::Place> Gate::enter() {
  auto executor = co_await asio::this_coro::executor;
  auto waiter = std::make_shared<Waiter>();
  {
    const std::lock_guard lock(mutex_);
    if (limit_ == 0 || inside_ < limit_) {
      ++inside_;
      co_return Place(*this);
    }
    waiter->executor = executor;
    waiter->wake = std::make_shared<asio::steady_timer>(executor);
    waiter->wake->expires_at(asio::steady_timer::time_point::max());
    waiters_.push_back(waiter);
  }
  const Leaving leaving(*this, *waiter);
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      if (waiter->admitted) {
        waiter->taken = true;
        break;
      }
    }
    // The timer never expires: it is cancelled on this thread when the place is given.
    co_await waiter->wake->async_wait(asio::as_tuple(asio::use_awaitable));
  }
  co_return Place(*this);
}

Gate::Leaving::~Leaving() {
  bool unused = false;
  {
    const std::lock_guard lock(gate_.mutex_);
    waiter_.gone = true;
    unused = waiter_.admitted && !waiter_.taken;
  }
  if (unused) gate_.leave();
}

void Gate::leave() {
  const std::lock_guard lock(mutex_);
  while (!waiters_.empty()) {
    const std::shared_ptr<Waiter> next = waiters_.front();
    waiters_.pop_front();
    if (next->gone) continue;
    // The place goes over without becoming free, so no newcomer can slip in between.
    next->admitted = true;
    asio::post(next->executor, [wake = next->wake] { wake->cancel(); });
    return;
  }
  --inside_;
}

std::size_t Gate::inside() const {
  const std::lock_guard lock(mutex_);
  return inside_;
}

std::size_t Gate::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiters_.size();
}

}  // namespace prombraid::read
