/// How many reads may be on their way to a first byte at once
/// (`--storage.remote.read-concurrent-limit`).
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

namespace prombraid::read {

/// Shared by all threads; a read takes a lock twice, and never on the path of its data.
///
/// A place is held until the answer begins, and not until it ends. One PromQL query opens a stream
/// for each of its selectors before it reads any (promql/engine.go, populateSeries): were places
/// held by streams that wait for their reader, the eleventh selector would wait for the first ten,
/// and they for it.
class Gate {
 public:
  /// 0: no limit.
  explicit Gate(std::size_t limit) : limit_(limit) {}

  /// Gives its place back when it goes.
  class Place {
   public:
    Place() = default;
    explicit Place(Gate& gate) : gate_(&gate) {}
    Place(Place&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}
    Place& operator=(Place&& other) noexcept {
      release();
      gate_ = std::exchange(other.gate_, nullptr);
      return *this;
    }
    ~Place() { release(); }
    void release() {
      if (gate_) std::exchange(gate_, nullptr)->leave();
    }

   private:
    Gate* gate_ = nullptr;
  };

  /// Waits in order of arrival, for as long as the caller lives: it is cancelled with it.
  boost::asio::awaitable<Place> enter();

  std::size_t inside() const;
  std::size_t waiting() const;

 private:
  struct Waiter {
    boost::asio::any_io_executor executor;
    std::shared_ptr<boost::asio::steady_timer> wake;
    bool admitted = false;  ///< a place was given to it
    bool taken = false;     ///< and it knows
    bool gone = false;      ///< it was destroyed while it waited
  };

  /// Sees to it that no place is lost with a waiter that is destroyed, before its turn or after.
  class Leaving {
   public:
    Leaving(Gate& gate, Waiter& waiter) : gate_(gate), waiter_(waiter) {}
    ~Leaving();
    Leaving(const Leaving&) = delete;
    Leaving& operator=(const Leaving&) = delete;

   private:
    Gate& gate_;
    Waiter& waiter_;
  };

  void leave();

  const std::size_t limit_;
  mutable std::mutex mutex_;
  std::size_t inside_ = 0;
  std::deque<std::shared_ptr<Waiter>> waiters_;
};

}  // namespace prombraid::read
