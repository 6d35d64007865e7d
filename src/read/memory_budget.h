/// How much all reads together may hold (`--read.memory-limit`).
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace prombraid::read {

/// Shared by all threads. It counts what can grow with what is read: series being merged, answers
/// that wait for their client or for their end, answers that must be sorted. It allocates nothing.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::size_t limit) : limit_(limit) {}

  bool try_take(std::size_t bytes) {
    const std::size_t before = used_.fetch_add(bytes, std::memory_order_relaxed);
    if (before + bytes <= limit_) return true;
    give(bytes);
    return false;
  }
  void give(std::size_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }

  std::size_t used() const { return used_.load(std::memory_order_relaxed); }
  std::size_t limit() const { return limit_; }

 private:
  const std::size_t limit_;
  std::atomic<std::size_t> used_{0};
};

/// What one holder has of the budget, given back when it goes.
class Held {
 public:
  explicit Held(MemoryBudget& budget) : budget_(&budget) {}
  Held(Held&& other) noexcept : budget_(other.budget_), bytes_(std::exchange(other.bytes_, 0)) {}
  Held& operator=(Held&&) = delete;
  ~Held() { budget_->give(bytes_); }

  /// Makes it hold `bytes`. False, and unchanged, where that is more than is left.
  bool resize(std::size_t bytes) {
    if (bytes > bytes_ && !budget_->try_take(bytes - bytes_)) return false;
    if (bytes < bytes_) budget_->give(bytes_ - bytes);
    bytes_ = bytes;
    return true;
  }

  std::size_t bytes() const { return bytes_; }

 private:
  MemoryBudget* budget_;
  std::size_t bytes_ = 0;
};

}  // namespace prombraid::read
