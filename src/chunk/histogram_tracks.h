/// The numbers of a row of histograms, as each sample changes them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "chunk/bit_reader.h"
#include "chunk/varbit.h"
#include "chunk/xor_window.h"
#include "series/sample.h"

namespace prombraid::chunk {

/// One integer of a row of histograms: changes of its change are written.
struct IntegerTrack {
  std::uint64_t value = 0;
  std::uint64_t delta = 0;

  void read(BitReader& in) {
    delta += static_cast<std::uint64_t>(read_varbit_int(in));
    value += delta;
  }
};

/// One double of a row of histograms.
struct FloatTrack {
  DoubleBits value = 0;
  XorReader reader;

  bool read(BitReader& in) {
    std::uint64_t diff = 0;
    if (!reader.read(in, diff)) return false;
    value ^= diff;
    return true;
  }
};

/// What the tracks stand at now, as a histogram has it.
template <class Track, class Number>
void copy_values(std::span<const Track> from, std::vector<Number>& to) {
  to.resize(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) to[i] = static_cast<Number>(from[i].value);
}

/// Encodings 2 and 5 (Prometheus tsdb/chunkenc/histogram.go).
class Integers {
 public:
  static constexpr bool is_float = false;
  static constexpr std::size_t least_bits_per_bucket = 1;

  void resize(std::size_t buckets) { buckets_.resize(buckets); }

  void first(BitReader& in) {
    count_.value = read_varbit_uint(in);
    zero_count_.value = read_varbit_uint(in);
    sum_.value = in.read(64);
    for (auto& bucket : buckets_) {
      bucket.value = static_cast<std::uint64_t>(read_varbit_int(in));
    }
  }

  bool next(BitReader& in) {
    count_.read(in);
    zero_count_.read(in);
    if (!sum_.read(in)) return false;
    if (stale()) return true;
    for (auto& bucket : buckets_) bucket.read(in);
    return true;
  }

  bool stale() const { return is_stale(sum_.value); }

  void copy_to(Histogram& h, std::size_t positive) const {
    h.count = count_.value;
    h.zero_count = zero_count_.value;
    h.sum = sum_.value;
    copy_values(std::span(buckets_).first(positive), h.positive_deltas);
    copy_values(std::span(buckets_).subspan(positive), h.negative_deltas);
  }

 private:
  IntegerTrack count_;
  IntegerTrack zero_count_;
  FloatTrack sum_;
  std::vector<IntegerTrack> buckets_;  ///< positive, then negative
};

/// The same where only times and stale markers are wanted: what is no sum is passed over.
class SumsOfIntegers {
 public:
  static constexpr std::size_t least_bits_per_bucket = 1;

  void resize(std::size_t buckets) { buckets_ = buckets; }

  void first(BitReader& in) {
    skip_varbits(in, 2);
    sum_.value = in.read(64);
    skip_varbits(in, buckets_);
  }

  bool next(BitReader& in) {
    skip_varbits(in, 2);
    if (!sum_.read(in)) return false;
    if (!stale()) skip_varbits(in, buckets_);
    return true;
  }

  bool stale() const { return is_stale(sum_.value); }

 private:
  std::size_t buckets_ = 0;
  FloatTrack sum_;
};

/// Encodings 3 and 6 (Prometheus tsdb/chunkenc/float_histogram.go).
class Floats {
 public:
  static constexpr bool is_float = true;
  static constexpr std::size_t least_bits_per_bucket = 64;

  void resize(std::size_t buckets) { buckets_.resize(buckets); }

  void first(BitReader& in) {
    count_.value = in.read(64);
    zero_count_.value = in.read(64);
    sum_.value = in.read(64);
    for (auto& bucket : buckets_) bucket.value = in.read(64);
  }

  bool next(BitReader& in) {
    if (!count_.read(in) || !zero_count_.read(in) || !sum_.read(in)) return false;
    if (stale()) return true;
    for (auto& bucket : buckets_) {
      if (!bucket.read(in)) return false;
    }
    return true;
  }

  bool stale() const { return is_stale(sum_.value); }

  void copy_to(Histogram& h, std::size_t positive) const {
    h.count = count_.value;
    h.zero_count = zero_count_.value;
    h.sum = sum_.value;
    copy_values(std::span(buckets_).first(positive), h.positive_counts);
    copy_values(std::span(buckets_).subspan(positive), h.negative_counts);
  }

 private:
  FloatTrack count_;
  FloatTrack zero_count_;
  FloatTrack sum_;
  std::vector<FloatTrack> buckets_;  ///< positive, then negative
};

}  // namespace prombraid::chunk
