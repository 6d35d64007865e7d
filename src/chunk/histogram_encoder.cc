#include "chunk/histogram_encoder.h"

#include <cassert>

#include "chunk/float_encoder.h"
#include "chunk/histogram_layout.h"
#include "chunk/varbit.h"

namespace prombraid::chunk {

namespace {

/// Count and zero count stand before the buckets, in `integers_` and in `floats_`.
constexpr std::size_t counts = 2;

bool is_gauge(const Histogram& h) {
  return h.reset_hint == ResetHint::gauge;
}

std::uint64_t head_flags(const Histogram& first) {
  if (is_gauge(first)) return 0b11u << 6;
  return first.reset_hint == ResetHint::reset ? 0b10u << 6 : 0;
}

/// All but the samples' own: kind, hint and layout. A stale sample has no layout.
Histogram layout_of(const Histogram& h) {
  Histogram out;
  out.is_float = h.is_float;
  if (h.stale()) return out;
  out.reset_hint = h.reset_hint;
  out.schema = h.schema;
  out.zero_threshold = h.zero_threshold;
  out.positive_spans = h.positive_spans;
  out.negative_spans = h.negative_spans;
  out.custom_values = h.custom_values;
  return out;
}

}  // namespace

bool well_formed(const Histogram& h) {
  if (h.schema != custom_bounds_schema && !h.custom_values.empty()) return false;
  const std::size_t positive = bucket_count(h.positive_spans);
  const std::size_t negative = bucket_count(h.negative_spans);
  if (h.is_float) {
    return h.positive_counts.size() == positive && h.negative_counts.size() == negative &&
           h.positive_deltas.empty() && h.negative_deltas.empty();
  }
  return h.positive_deltas.size() == positive && h.negative_deltas.size() == negative &&
         h.positive_counts.empty() && h.negative_counts.empty();
}

bool HistogramEncoder::fits(const Histogram& h) const {
  if (empty()) return true;
  if (size_ == max_chunk_samples || h.is_float != first_.is_float) return false;
  if (h.stale()) return true;
  if (last_stale_ || is_gauge(h) != is_gauge(first_) || !same_layout(h)) return false;
  if (is_gauge(h)) return true;
  if (h.reset_hint == ResetHint::reset) return false;
  return h.is_float ? !lowers_floats(h) : !lowers_integers(h);
}

bool HistogramEncoder::same_layout(const Histogram& h) const {
  return h.schema == first_.schema && h.zero_threshold == first_.zero_threshold &&
         h.positive_spans == first_.positive_spans && h.negative_spans == first_.negative_spans &&
         h.custom_values == first_.custom_values;
}

bool HistogramEncoder::lowers_integers(const Histogram& h) const {
  if (h.count < integers_[0].value || h.zero_count < integers_[1].value) return true;
  std::size_t i = counts;
  for (const auto* deltas : {&h.positive_deltas, &h.negative_deltas}) {
    // How far the bucket lies above its last value. Only sums of differences are known, and
    // unsigned ones may wrap where signed ones must not.
    std::uint64_t above = 0;
    for (const std::int64_t delta : *deltas) {
      above += static_cast<std::uint64_t>(delta) - integers_[i++].value;
      if (static_cast<std::int64_t>(above) < 0) return true;
    }
  }
  return false;
}

bool HistogramEncoder::lowers_floats(const Histogram& h) const {
  const auto lower = [](DoubleBits now, DoubleBits before) {
    return as_double(now) < as_double(before);
  };
  if (lower(h.count, floats_[0].value) || lower(h.zero_count, floats_[1].value)) return true;
  std::size_t i = counts;
  for (const auto* values : {&h.positive_counts, &h.negative_counts}) {
    for (const DoubleBits value : *values) {
      if (lower(value, floats_[i++].value)) return true;
    }
  }
  return false;
}

void HistogramEncoder::IntegerTrack::append(std::uint64_t next, BitWriter& out) {
  const std::uint64_t step = next - value;
  write_varbit_int(static_cast<std::int64_t>(step - delta), out);
  delta = step;
  value = next;
}

void HistogramEncoder::FloatTrack::append(DoubleBits next, BitWriter& out) {
  writer.write(next ^ value, out);
  value = next;
}

void HistogramEncoder::append(Timestamp t, const Histogram& h) {
  assert(fits(h) && (h.stale() || well_formed(h)));
  if (empty()) {
    begin(t, h);
  } else {
    time_.append(static_cast<std::uint64_t>(t), out_);
    h.is_float ? append_floats(h) : append_integers(h);
  }
  last_stale_ = h.stale();
  ++size_;
}

void HistogramEncoder::begin(Timestamp t, const Histogram& h) {
  first_ = layout_of(h);
  first_time_ = t;
  out_.write(0, 16);  // the count, known in the end
  out_.write(head_flags(first_), 8);
  write_layout(first_, out_);
  write_varbit_int(t, out_);
  time_.value = static_cast<std::uint64_t>(t);
  const std::size_t buckets =
      bucket_count(first_.positive_spans) + bucket_count(first_.negative_spans);
  sum_.value = h.sum;
  if (h.is_float) {
    floats_.assign(counts + buckets, {});
    begin_floats(h);
  } else {
    integers_.assign(counts + buckets, {});
    begin_integers(h);
  }
}

void HistogramEncoder::begin_integers(const Histogram& h) {
  integers_[0].value = h.stale() ? 0 : h.count;
  integers_[1].value = h.stale() ? 0 : h.zero_count;
  write_varbit_uint(integers_[0].value, out_);
  write_varbit_uint(integers_[1].value, out_);
  out_.write(h.sum, 64);
  if (h.stale()) return;
  std::size_t i = counts;
  for (const auto* deltas : {&h.positive_deltas, &h.negative_deltas}) {
    for (const std::int64_t delta : *deltas) {
      write_varbit_int(delta, out_);
      integers_[i++].value = static_cast<std::uint64_t>(delta);
    }
  }
}

void HistogramEncoder::begin_floats(const Histogram& h) {
  floats_[0].value = h.stale() ? 0 : h.count;
  floats_[1].value = h.stale() ? 0 : h.zero_count;
  out_.write(floats_[0].value, 64);
  out_.write(floats_[1].value, 64);
  out_.write(h.sum, 64);
  if (h.stale()) return;
  std::size_t i = counts;
  for (const auto* values : {&h.positive_counts, &h.negative_counts}) {
    for (const DoubleBits value : *values) {
      out_.write(value, 64);
      floats_[i++].value = value;
    }
  }
}

void HistogramEncoder::append_integers(const Histogram& h) {
  if (h.stale()) {
    out_.write(0, 2);  // counts as if their steps went on, and no buckets (histogram.go)
    sum_.append(h.sum, out_);
    return;
  }
  integers_[0].append(h.count, out_);
  integers_[1].append(h.zero_count, out_);
  sum_.append(h.sum, out_);
  std::size_t i = counts;
  for (const auto* deltas : {&h.positive_deltas, &h.negative_deltas}) {
    for (const std::int64_t delta : *deltas) {
      integers_[i++].append(static_cast<std::uint64_t>(delta), out_);
    }
  }
}

void HistogramEncoder::append_floats(const Histogram& h) {
  floats_[0].append(h.stale() ? 0 : h.count, out_);
  floats_[1].append(h.stale() ? 0 : h.zero_count, out_);
  sum_.append(h.sum, out_);
  if (h.stale()) return;
  std::size_t i = counts;
  for (const auto* values : {&h.positive_counts, &h.negative_counts}) {
    for (const DoubleBits value : *values) floats_[i++].append(value, out_);
  }
}

EncodedChunk HistogramEncoder::finish() {
  const Encoding encoding = first_.is_float ? Encoding::float_histogram : Encoding::histogram;
  const auto last_time = static_cast<Timestamp>(time_.value);
  if (empty()) out_.write(0, 24);
  EncodedChunk out = seal(out_, size_, {first_time_, last_time, encoding, {}});
  *this = HistogramEncoder();
  return out;
}

}  // namespace prombraid::chunk
