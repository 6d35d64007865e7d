/// The numbers behind the metrics: cheap to change on the data's path, safe to read at a scrape.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>

namespace prombraid::metrics {

/// Written by one thread, read by any. An add is a plain load, add and store: no locked
/// instruction. It counts up, or up and down where it is a gauge.
class Cell {
 public:
  void add(std::int64_t n = 1) {
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  std::int64_t get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

/// Adds one to a gauge for as long as it lives.
class Counted {
 public:
  explicit Counted(Cell& cell) : cell_(cell) { cell_.add(); }
  ~Counted() { cell_.add(-1); }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  Cell& cell_;
};

/// Written by any thread.
class SharedCell {
 public:
  void add(std::int64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  void set(std::int64_t n) { value_.store(n, std::memory_order_relaxed); }
  std::int64_t get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

/// Upper bounds of all duration histograms, in seconds; the last bucket is +Inf. They end at the
/// minute that Prometheus's remote_timeout gives a read.
inline constexpr double duration_bounds[] = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
                                             1,     2.5,  5,     10,   20,  30,   60};

/// A histogram of durations over `duration_bounds`; `C` is Cell or SharedCell.
template <class C>
class DurationHistogram {
 public:
  static constexpr std::size_t buckets = std::size(duration_bounds) + 1;

  void observe(std::chrono::nanoseconds duration) {
    const double seconds = std::chrono::duration<double>(duration).count();
    const auto* bound =
        std::lower_bound(std::begin(duration_bounds), std::end(duration_bounds), seconds);
    counts_[static_cast<std::size_t>(bound - std::begin(duration_bounds))].add();
    sum_ns_.add(duration.count());
  }

  /// Of bucket `i` alone, not cumulative.
  std::int64_t count(std::size_t i) const { return counts_[i].get(); }
  double sum_seconds() const { return static_cast<double>(sum_ns_.get()) / 1e9; }

 private:
  std::array<C, buckets> counts_;
  C sum_ns_;
};

}  // namespace prombraid::metrics
