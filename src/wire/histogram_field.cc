#include "wire/histogram_field.h"

#include <string>

#include "wire/field_reader.h"

namespace prombraid::wire {

namespace {

void reset(HistogramSample& out) {
  Histogram& h = out.h;
  out.t = 0;
  h.is_float = false;
  h.reset_hint = ResetHint::unknown;
  h.schema = 0;
  h.zero_threshold = h.count = h.zero_count = h.sum = 0;
  h.positive_spans.clear();
  h.negative_spans.clear();
  h.positive_deltas.clear();
  h.negative_deltas.clear();
  h.positive_counts.clear();
  h.negative_counts.clear();
  h.custom_values.clear();
}

bool add_span(std::string_view message, std::vector<BucketSpan>& spans) {
  BucketSpan span;
  FieldReader in(message);
  while (in.next()) {
    if (in.number() == 1) span.offset = in.sint32();
    if (in.number() == 2) span.length = in.uint32();
  }
  spans.push_back(span);
  return in.ok();
}

/// Packed or one by one: a decoder takes both.
bool add_deltas(FieldReader& in, std::vector<std::int64_t>& deltas) {
  if (in.type() != WireType::bytes) {
    deltas.push_back(unzigzag(in.varint()));
    return true;
  }
  const std::string_view packed = in.bytes();
  const char* const end = packed.data() + packed.size();
  for (const char* at = packed.data(); at != end;) {
    std::uint64_t delta = 0;
    at = get_varint(at, end, delta);
    if (at == nullptr) return false;
    deltas.push_back(unzigzag(delta));
  }
  return true;
}

bool add_doubles(FieldReader& in, std::vector<DoubleBits>& doubles) {
  if (in.type() != WireType::bytes) {
    doubles.push_back(in.fixed64());
    return true;
  }
  const std::string_view packed = in.bytes();
  const std::size_t had = doubles.size();
  doubles.resize(had + packed.size() / 8);
  if (packed.size() >= 8) std::memcpy(doubles.data() + had, packed.data(), packed.size() / 8 * 8);
  return packed.size() % 8 == 0;
}

/// The counts' type is told by which field of a oneof came last.
struct Counts {
  bool count_is_float = false;
  bool zero_is_float = false;
};

bool decode_field(FieldReader& in, HistogramSample& out, Counts& counts) {
  Histogram& h = out.h;
  switch (in.number()) {
    case 1:
    case 2:
      counts.count_is_float = in.number() == 2;
      h.count = counts.count_is_float ? in.fixed64() : in.varint();
      return true;
    case 3:
      h.sum = in.fixed64();
      return true;
    case 4:
      h.schema = in.sint32();
      return true;
    case 5:
      h.zero_threshold = in.fixed64();
      return true;
    case 6:
    case 7:
      counts.zero_is_float = in.number() == 7;
      h.zero_count = counts.zero_is_float ? in.fixed64() : in.varint();
      return true;
    case 8:
      return add_span(in.bytes(), h.negative_spans);
    case 9:
      return add_deltas(in, h.negative_deltas);
    case 10:
      return add_doubles(in, h.negative_counts);
    case 11:
      return add_span(in.bytes(), h.positive_spans);
    case 12:
      return add_deltas(in, h.positive_deltas);
    case 13:
      return add_doubles(in, h.positive_counts);
    case 14:
      h.reset_hint = static_cast<ResetHint>(std::min(in.uint32(), 255U));
      return true;
    case 15:
      out.t = in.int64();
      return true;
    case 16:
      return add_doubles(in, h.custom_values);
    default:
      return true;
  }
}

/// What belongs to the other kind of histogram is not there, as for Prometheus's getters.
void keep_one_kind(Histogram& h, const Counts& counts) {
  h.is_float = counts.count_is_float;
  if (counts.zero_is_float != h.is_float) h.zero_count = 0;
  if (h.is_float) {
    h.positive_deltas.clear();
    h.negative_deltas.clear();
  } else {
    h.positive_counts.clear();
    h.negative_counts.clear();
  }
}

bool agree(const std::vector<BucketSpan>& spans, std::size_t buckets) {
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (i > 0 && spans[i].offset < 0) return false;
    length += spans[i].length;
  }
  return length == buckets;
}

const char* problem_of(const Histogram& h) {
  if (h.reset_hint > ResetHint::gauge) return "an unknown reset hint";
  if (!agree(h.positive_spans, h.positive_deltas.size() + h.positive_counts.size())) {
    return "positive spans and buckets do not agree";
  }
  if (!agree(h.negative_spans, h.negative_deltas.size() + h.negative_counts.size())) {
    return "negative spans and buckets do not agree";
  }
  return nullptr;
}

}  // namespace

Result<void> decode_histogram(std::string_view message, HistogramSample& out) {
  reset(out);
  Counts counts;
  FieldReader in(message);
  while (in.next()) {
    if (!decode_field(in, out, counts)) {
      return Error(ErrorKind::corrupt,
                   "Histogram: field " + std::to_string(in.number()) + ": bad content");
    }
  }
  if (!in.ok()) return in.error(ErrorKind::corrupt, "Histogram");
  keep_one_kind(out.h, counts);
  if (const char* problem = problem_of(out.h)) {
    return Error(ErrorKind::corrupt, std::string("Histogram: ") + problem);
  }
  return {};
}

}  // namespace prombraid::wire
