#include "chunk/histogram_layout.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "chunk/varbit.h"

namespace prombraid::chunk {

namespace {

/// A power of two from 2^-243 to 2^10 fits in one byte; 0 is zero and 255 says that all bits
/// follow.
constexpr int threshold_bias = 244;

DoubleBits read_threshold(BitReader& in) {
  const auto byte = static_cast<int>(in.read(8));
  if (byte == 0) return 0;
  if (byte == 255) return in.read(64);
  return bits_of(std::ldexp(1.0, byte - threshold_bias));
}

void write_threshold(DoubleBits threshold, BitWriter& out) {
  const double value = as_double(threshold);
  int exponent = 0;
  if (threshold == 0) {
    out.write(0, 8);
  } else if (std::frexp(value, &exponent) == 0.5 && exponent >= -242 && exponent <= 11) {
    out.write(static_cast<std::uint64_t>(exponent - 1 + threshold_bias), 8);
  } else {
    out.write(255, 8);
    out.write(threshold, 64);
  }
}

template <class To>
bool narrow(std::int64_t wide, To& out) {
  if (!std::in_range<To>(wide)) return false;
  out = static_cast<To>(wide);
  return true;
}

/// Far above what any schema has use for; a span of two bits takes eight bytes decoded.
constexpr std::uint64_t max_spans = 1 << 20;

const char* read_spans(BitReader& in, std::vector<BucketSpan>& spans) {
  const std::uint64_t count = read_varbit_uint(in);
  if (count > std::min<std::uint64_t>(in.bits_left() / 2, max_spans))
    return "more spans than the data (or this program) can hold";
  spans.resize(count);
  for (BucketSpan& span : spans) {
    const std::uint64_t length = read_varbit_uint(in);
    if (length > std::numeric_limits<std::uint32_t>::max()) return "a span's length overflows";
    span.length = static_cast<std::uint32_t>(length);
    if (!narrow(read_varbit_int(in), span.offset)) return "a span's offset overflows";
  }
  return nullptr;
}

void write_spans(const std::vector<BucketSpan>& spans, BitWriter& out) {
  write_varbit_uint(spans.size(), out);
  for (const BucketSpan& span : spans) {
    write_varbit_uint(span.length, out);
    write_varbit_int(span.offset, out);
  }
}

/// Bounds are mostly whole thousandths: written plus one as a varbit number, up to its 25 bits.
constexpr double largest_thousandths = 33554430;

const char* read_bounds(BitReader& in, std::vector<DoubleBits>& bounds) {
  const std::uint64_t count = read_varbit_uint(in);
  if (count > in.bits_left() / 5) return "more custom bounds than the data can hold";
  bounds.resize(count);
  for (DoubleBits& bound : bounds) {
    const std::uint64_t number = read_varbit_uint(in);
    bound = number == 0 ? in.read(64) : bits_of(static_cast<double>(number - 1) / 1000);
  }
  return nullptr;
}

void write_bound(DoubleBits bound, BitWriter& out) {
  const double value = as_double(bound);
  const double thousandths = value * 1000;
  if (thousandths >= 0 && thousandths <= largest_thousandths) {
    const auto number = static_cast<std::uint64_t>(std::round(thousandths));
    if (bits_of(static_cast<double>(number) / 1000) == bound) {
      write_varbit_uint(number + 1, out);
      return;
    }
  }
  write_varbit_uint(0, out);
  out.write(bound, 64);
}

}  // namespace

const char* read_layout(BitReader& in, Histogram& h) {
  h.zero_threshold = read_threshold(in);
  if (!narrow(read_varbit_int(in), h.schema)) return "the schema overflows";
  if (const char* wrong = read_spans(in, h.positive_spans)) return wrong;
  if (const char* wrong = read_spans(in, h.negative_spans)) return wrong;
  h.custom_values.clear();
  return h.schema == custom_bounds_schema ? read_bounds(in, h.custom_values) : nullptr;
}

void write_layout(const Histogram& h, BitWriter& out) {
  write_threshold(h.zero_threshold, out);
  write_varbit_int(h.schema, out);
  write_spans(h.positive_spans, out);
  write_spans(h.negative_spans, out);
  if (h.schema != custom_bounds_schema) return;
  write_varbit_uint(h.custom_values.size(), out);
  for (const DoubleBits bound : h.custom_values) write_bound(bound, out);
}

std::size_t bucket_count(const std::vector<BucketSpan>& spans) {
  return std::accumulate(spans.begin(), spans.end(), std::size_t{0},
                         [](std::size_t sum, const BucketSpan& span) { return sum + span.length; });
}

}  // namespace prombraid::chunk
