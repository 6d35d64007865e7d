#include "wire/samples_writer.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "wire/field_writer.h"
#include "wire/histogram_field.h"
#include "wire/labels_field.h"

namespace prombraid::wire {

namespace {

constexpr std::size_t max_sample_bytes = 2 + 9 + 1 + max_varint_bytes;

/// What nearly every sample is: neither its value nor its time is zero, and the time, as all until
/// the year 2,285,616, takes 56 bits at most. Writes all of max_sample_bytes or less.
bool is_usual(const Sample& sample) {
  return sample.v != 0 && sample.t != 0 && static_cast<std::uint64_t>(sample.t) >> 56 == 0;
}

char* put_usual(char* to, const Sample& sample) {
  // The time's groups of seven bits are spread over eight bytes at once, four, two and one at a
  // time; all but the last are told to go on.
  auto word = static_cast<std::uint64_t>(sample.t);
  const std::size_t size = varint_size(word);
  word = (word & 0x000000000fffffff) | (word & 0x00fffffff0000000) << 4;
  word = (word & 0x00003fff00003fff) | (word & 0x0fffc0000fffc000) << 2;
  word = (word & 0x007f007f007f007f) | (word & 0x3f803f803f803f80) << 1;
  word |= 0x8080808080808080 & ((std::uint64_t{1} << (8 * (size - 1))) - 1);
  to[0] = static_cast<char>(tag_of(2, WireType::bytes));
  to[1] = static_cast<char>(1 + sizeof sample.v + 1 + size);
  to[2] = static_cast<char>(tag_of(1, WireType::fixed64));
  std::memcpy(to + 3, &sample.v, sizeof sample.v);
  to[11] = static_cast<char>(tag_of(2, WireType::varint));
  std::memcpy(to + 12, &word, sizeof word);
  return to + 12 + size;
}

void write_sample(FieldWriter& out, const Sample& sample) {
  out.head(2, fixed64_field_size(1, sample.v) +
                  varint_field_size(2, static_cast<std::uint64_t>(sample.t)));
  out.fixed64(1, sample.v);
  out.int64(2, sample.t);
}

/// Tag and length of field 1, which both a result and a series are in what is around them.
std::string_view head_of(std::uint64_t length, char (&room)[1 + max_varint_bytes]) {
  room[0] = static_cast<char>(tag_of(1, WireType::bytes));
  const char* const end = put_varint(room + 1, length);
  return {room, static_cast<std::size_t>(end - room)};
}

}  // namespace

void SamplesWriter::open(Open& message) {
  message = {block_.open_gap(), block_.uncompressed_bytes(), true};
}

void SamplesWriter::close(Open& message) {
  if (!message.open) return;
  char room[1 + max_varint_bytes];
  block_.fill_gap(message.gap, head_of(block_.uncompressed_bytes() - message.begin, room));
  message.open = false;
}

void SamplesWriter::begin_result() {
  close(result_);
  open(result_);
}

void SamplesWriter::begin_series(const Labels& labels) {
  FieldWriter out(series_.room(labels_field_size(labels)));
  write_labels_field(out, labels);
  series_.taken(out.end());
}

void SamplesWriter::add(std::span<const Sample> samples) {
  add_floats(samples.size(), [&](std::size_t i) { return samples[i]; });
}

void SamplesWriter::add(std::span<const Timestamp> times, std::span<const DoubleBits> values) {
  add_floats(times.size(), [&](std::size_t i) { return Sample{times[i], values[i]}; });
}

template <class At>
void SamplesWriter::add_floats(std::size_t count, At at) {
  constexpr std::size_t at_once = 1024;
  for (std::size_t begin = 0; begin < count; begin += at_once) {
    const std::size_t end = std::min(count, begin + at_once);
    FieldWriter out(series_.room((end - begin) * max_sample_bytes));
    for (std::size_t i = begin; i < end; ++i) {
      const Sample sample = at(i);
      if (is_usual(sample)) {
        out = FieldWriter(put_usual(out.end(), sample));
      } else {
        write_sample(out, sample);
      }
    }
    series_.taken(out.end());
    if (series_.size() >= gathered_bytes) spill();
  }
}

void SamplesWriter::add(Timestamp t, const Histogram& histogram) {
  append_histogram(series_, 4, t, histogram);
  if (series_.size() >= gathered_bytes) spill();
}

/// Gives what is gathered of a long series to the block; its length will be known later.
void SamplesWriter::spill() {
  if (!long_series_.open) open(long_series_);
  write(series_.view());
  series_.clear();
}

void SamplesWriter::end_series() {
  if (long_series_.open) {
    spill();
    close(long_series_);
    return;
  }
  char room[1 + max_varint_bytes];
  write(head_of(series_.size(), room));
  write(series_.view());
  series_.clear();
}

void SamplesWriter::write(std::string_view bytes) {
  // The heads that are still to be filled in, a result's and a series', take 22 bytes at most.
  too_long_ = too_long_ || block_.uncompressed_bytes() + bytes.size() + 22 > max_bytes_;
  if (!too_long_) block_.write(bytes);
}

Result<BufferList> SamplesWriter::finish() {
  close(result_);
  too_long_ = too_long_ || block_.uncompressed_bytes() > max_bytes_;
  if (too_long_) {
    return Error(ErrorKind::limit, "SAMPLES answer is longer than max_bytes (" +
                                       std::to_string(max_bytes_) + "), uncompressed");
  }
  return block_.finish();
}

}  // namespace prombraid::wire
