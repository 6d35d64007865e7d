/// What a series is made of in time: float samples, histogram samples, stale markers.
///
/// Every double is carried as its 64 bits. A stale marker is a *signalling* NaN, and an innocent
/// conversion would quiet it (Prometheus model/value/value.go).
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

namespace prombraid {

/// Milliseconds since the epoch, as everywhere in Prometheus.
using Timestamp = std::int64_t;

/// The bits of a double.
using DoubleBits = std::uint64_t;

/// The value by which Prometheus says "this series ended here".
inline constexpr DoubleBits stale_marker = 0x7ff0000000000002;

inline constexpr bool is_stale(DoubleBits bits) {
  return bits == stale_marker;
}
inline double as_double(DoubleBits bits) {
  return std::bit_cast<double>(bits);
}
inline DoubleBits bits_of(double value) {
  return std::bit_cast<DoubleBits>(value);
}

struct Sample {
  Timestamp t = 0;
  DoubleBits v = 0;

  bool operator==(const Sample&) const = default;
};

/// Both ends are inside.
struct TimeRange {
  Timestamp start = 0;
  Timestamp end = 0;

  bool contains(Timestamp t) const { return start <= t && t <= end; }
  bool empty() const { return start > end; }
  bool operator==(const TimeRange&) const = default;
};

/// prompb/types.proto, Histogram.ResetHint.
enum class ResetHint : std::uint8_t { unknown = 0, reset = 1, not_reset = 2, gauge = 3 };

/// A run of `length` buckets that begins `offset` buckets after the end of the run before it.
struct BucketSpan {
  std::int32_t offset = 0;
  std::uint32_t length = 0;

  bool operator==(const BucketSpan&) const = default;
};

/// A native histogram, integer or float, as prompb.Histogram has it.
///
/// Integer (`is_float` false): `count` and `zero_count` are integers, buckets are in `*_deltas`,
/// each the difference to the bucket before it. Float: `count` and `zero_count` are DoubleBits,
/// buckets are in `*_counts`, absolute. A stale histogram is one whose `sum` is the stale marker.
struct Histogram {
  bool is_float = false;
  ResetHint reset_hint = ResetHint::unknown;
  std::int32_t schema = 0;
  DoubleBits zero_threshold = 0;
  std::uint64_t count = 0;
  std::uint64_t zero_count = 0;
  DoubleBits sum = 0;
  std::vector<BucketSpan> positive_spans;
  std::vector<BucketSpan> negative_spans;
  std::vector<std::int64_t> positive_deltas;
  std::vector<std::int64_t> negative_deltas;
  std::vector<DoubleBits> positive_counts;
  std::vector<DoubleBits> negative_counts;
  std::vector<DoubleBits> custom_values;

  bool stale() const { return is_stale(sum); }
  bool operator==(const Histogram&) const = default;
};

struct HistogramSample {
  Timestamp t = 0;
  Histogram h;

  bool operator==(const HistogramSample&) const = default;
};

}  // namespace prombraid
