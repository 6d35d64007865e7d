#include "wire/samples_writer.h"

#include <algorithm>
#include <string>

#include "wire/field_writer.h"
#include "wire/histogram_field.h"
#include "wire/labels_field.h"

namespace prombraid::wire {

namespace {

constexpr std::size_t max_sample_bytes = 2 + 9 + 1 + max_varint_bytes;

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
  constexpr std::size_t at_once = 1024;
  while (!samples.empty()) {
    const auto part = samples.first(std::min(samples.size(), at_once));
    FieldWriter out(series_.room(part.size() * max_sample_bytes));
    for (const Sample& sample : part) write_sample(out, sample);
    series_.taken(out.end());
    samples = samples.subspan(part.size());
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
