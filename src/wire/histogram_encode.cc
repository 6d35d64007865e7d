#include "wire/field_writer.h"
#include "wire/histogram_field.h"

namespace prombraid::wire {

namespace {

std::uint64_t zigzag32(std::int32_t value) {
  return static_cast<std::uint32_t>(zigzag(value));
}

std::size_t span_size(const BucketSpan& span) {
  return varint_field_size(1, zigzag32(span.offset)) + varint_field_size(2, span.length);
}

std::size_t deltas_size(const std::vector<std::int64_t>& deltas) {
  std::size_t size = 0;
  for (const std::int64_t delta : deltas) size += varint_size(zigzag(delta));
  return size;
}

std::size_t packed_field_size(std::uint32_t number, std::size_t length) {
  return length == 0 ? 0 : bytes_field_size(number, length);
}

/// One side's three fields begin at `first`: spans, deltas, counts.
std::size_t side_size(std::uint32_t first, const std::vector<BucketSpan>& spans,
                      const std::vector<std::int64_t>& deltas,
                      const std::vector<DoubleBits>& counts) {
  std::size_t size = 0;
  for (const BucketSpan& span : spans) size += bytes_field_size(first, span_size(span));
  return size + packed_field_size(first + 1, deltas_size(deltas)) +
         packed_field_size(first + 2, counts.size() * 8);
}

std::size_t histogram_size(Timestamp t, const Histogram& h) {
  const std::size_t counts =
      h.is_float ? 9 + 9 : 1 + varint_size(h.count) + 1 + varint_size(h.zero_count);
  return counts + fixed64_field_size(3, h.sum) + varint_field_size(4, zigzag32(h.schema)) +
         fixed64_field_size(5, h.zero_threshold) +
         side_size(8, h.negative_spans, h.negative_deltas, h.negative_counts) +
         side_size(11, h.positive_spans, h.positive_deltas, h.positive_counts) +
         varint_field_size(14, static_cast<std::uint64_t>(h.reset_hint)) +
         varint_field_size(15, static_cast<std::uint64_t>(t)) +
         packed_field_size(16, h.custom_values.size() * 8);
}

/// Written even where it is zero: it is a member of a oneof, and tells the histogram's kind.
void write_count(FieldWriter& out, std::uint32_t number, const Histogram& h, std::uint64_t count) {
  if (h.is_float) {
    out.present_fixed64(number + 1, count);
  } else {
    out.present_varint(number, count);
  }
}

void write_doubles(FieldWriter& out, std::uint32_t number, const std::vector<DoubleBits>& doubles) {
  if (doubles.empty()) return;
  out.head(number, doubles.size() * 8);
  for (const DoubleBits bits : doubles) out.raw_fixed64(bits);
}

void write_side(FieldWriter& out, std::uint32_t first, const std::vector<BucketSpan>& spans,
                const std::vector<std::int64_t>& deltas, const std::vector<DoubleBits>& counts) {
  for (const BucketSpan& span : spans) {
    out.head(first, span_size(span));
    out.varint(1, zigzag32(span.offset));
    out.varint(2, span.length);
  }
  if (!deltas.empty()) {
    out.head(first + 1, deltas_size(deltas));
    for (const std::int64_t delta : deltas) out.raw_varint(zigzag(delta));
  }
  write_doubles(out, first + 2, counts);
}

}  // namespace

void append_histogram(Bytes& to, std::uint32_t number, Timestamp t, const Histogram& h) {
  const std::size_t size = histogram_size(t, h);
  FieldWriter out(to.room(bytes_field_size(number, size)));
  out.head(number, size);
  write_count(out, 1, h, h.count);
  out.fixed64(3, h.sum);
  out.varint(4, zigzag32(h.schema));
  out.fixed64(5, h.zero_threshold);
  write_count(out, 6, h, h.zero_count);
  write_side(out, 8, h.negative_spans, h.negative_deltas, h.negative_counts);
  write_side(out, 11, h.positive_spans, h.positive_deltas, h.positive_counts);
  out.varint(14, static_cast<std::uint64_t>(h.reset_hint));
  out.int64(15, t);
  write_doubles(out, 16, h.custom_values);
  to.taken(out.end());
}

}  // namespace prombraid::wire
