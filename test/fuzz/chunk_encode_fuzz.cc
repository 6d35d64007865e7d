/// Any samples: what the encoders write must decode to what was given.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <type_traits>

#include "chunk/histogram_encoder.h"
#include "chunk/slice.h"

namespace {

using namespace prombraid;
using namespace prombraid::chunk;

void require(bool promise) {
  if (!promise) std::abort();
}

/// Takes numbers off the input; zeros when it is used up.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : data_(data), left_(size) {}

  bool empty() const { return left_ == 0; }

  std::uint8_t byte() {
    std::uint8_t out = 0;
    take(&out, 1);
    return out;
  }

  /// Mostly near `last`, as the samples of a series are, else anything.
  std::uint64_t number(std::uint64_t last) {
    const std::uint8_t how = byte();
    if (how < 64) return last + how;
    if (how < 96) return last;
    if (how < 128) return stale_marker;
    std::uint64_t out = 0;
    take(&out, how % 9);
    return how % 2 == 0 ? out : last - out;
  }

 private:
  void take(void* to, std::size_t n) {
    n = n < left_ ? n : left_;
    std::memcpy(to, data_, n);
    data_ += n;
    left_ -= n;
  }

  const std::uint8_t* data_;
  std::size_t left_;
};

void check_floats(Input in) {
  DecodedChunk samples;
  std::uint64_t t = 0, v = 0;
  while (!in.empty()) {
    samples.times.push_back(static_cast<Timestamp>(t = in.number(t)));
    samples.values.push_back(v = in.number(v));
  }
  std::vector<EncodedChunk> out;
  encode(samples, 0, samples.size(), out);
  DecodedChunk back;
  for (const EncodedChunk& one : out) require(decode(one.chunk, back).has_value());
  require(back.times == samples.times && back.values == samples.values);
}

void set_layout(Input& in, Histogram& h) {
  h.schema = in.byte() % 8 == 0 ? -53 : static_cast<std::int32_t>(in.number(3));
  h.zero_threshold = in.number(bits_of(0.001));
  h.positive_spans.clear();
  h.negative_spans.clear();
  for (auto* spans : {&h.positive_spans, &h.negative_spans}) {
    for (std::uint8_t n = in.byte() % 4; n > 0; --n) {
      spans->push_back({static_cast<std::int32_t>(in.number(0)), in.byte() % 4u});
    }
  }
  h.custom_values.clear();
  for (std::uint8_t n = in.byte() % 4; h.schema == -53 && n > 0; --n) {
    h.custom_values.push_back(in.number(bits_of(0.5)));
  }
}

std::size_t claimed(const std::vector<BucketSpan>& spans) {
  std::size_t sum = 0;
  for (const BucketSpan& span : spans) sum += span.length;
  return sum;
}

void set_values(Input& in, Histogram& h) {
  h.reset_hint = static_cast<ResetHint>(in.byte() % 4);
  h.count = in.number(h.count);
  h.zero_count = in.number(h.zero_count);
  h.sum = in.number(h.sum);
  const auto fill = [&](auto& buckets, std::size_t size) {
    buckets.resize(size);
    using Bucket = typename std::remove_reference_t<decltype(buckets)>::value_type;
    for (auto& b : buckets) b = static_cast<Bucket>(in.number(static_cast<std::uint64_t>(b)));
  };
  const std::size_t positive = claimed(h.positive_spans), negative = claimed(h.negative_spans);
  fill(h.positive_deltas, h.is_float ? 0 : positive);
  fill(h.negative_deltas, h.is_float ? 0 : negative);
  fill(h.positive_counts, h.is_float ? positive : 0);
  fill(h.negative_counts, h.is_float ? negative : 0);
}

/// What a reader sees of `h` as sample `i` of its chunk.
Histogram as_read(const Histogram& h, std::size_t i) {
  Histogram out = h;
  if (h.stale()) {
    out = {};
    out.is_float = h.is_float;
    out.sum = stale_marker;
  } else if (h.reset_hint != ResetHint::gauge) {
    const bool reset = h.reset_hint == ResetHint::reset;
    out.reset_hint = i > 0 ? ResetHint::not_reset : reset ? ResetHint::reset : ResetHint::unknown;
  }
  return out;
}

void check_histograms(Input in) {
  HistogramEncoder encoder;
  DecodedChunk want, got;
  const auto finish = [&] {
    require(decode(encoder.finish().chunk, got).has_value());
    require(got.times == want.times && got.histograms == want.histograms);
    want.clear();
  };
  Histogram h;
  h.is_float = in.byte() % 2 == 0;
  std::uint64_t t = 0;
  while (!in.empty()) {
    if (want.size() == 0 || in.byte() % 16 == 0) set_layout(in, h);
    set_values(in, h);
    require(well_formed(h));
    if (!encoder.fits(h)) finish();
    t = in.number(t);
    encoder.append(static_cast<Timestamp>(t), h);
    want.times.push_back(static_cast<Timestamp>(t));
    want.histograms.push_back(as_read(h, want.histograms.size()));
  }
  if (!encoder.empty()) finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 4096) return 0;
  const Input in(data + 1, size - 1);
  data[0] % 2 == 0 ? check_floats(in) : check_histograms(in);
  return 0;
}
