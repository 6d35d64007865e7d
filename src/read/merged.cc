#include "read/merged.h"

#include <algorithm>

#include "chunk/decode.h"

namespace prombraid::read {

namespace {

/// As the chunks' heads say; nothing is decoded for it.
std::int64_t samples_of(const Strand& strand) {
  std::int64_t sum = 0;
  for (const Chunk& chunk : strand.chunks) {
    const auto count = chunk::sample_count(chunk);
    sum += count.has_error() ? 0 : *count;
  }
  return sum;
}

}  // namespace

void MergedSeries::merge(const merge::SeriesJoin::Group& group, const query::Asked& asked) {
  group_ = &group;
  merger_.merge(group.strands, asked.range, asked.now);
  count();
}

void MergedSeries::count() {
  const auto strands = std::count_if(group_->strands.begin(), group_->strands.end(),
                                     [](const Strand* strand) { return strand != nullptr; });
  std::int64_t in = 0;
  for (const Strand* strand : group_->strands) in += strand == nullptr ? 0 : samples_of(*strand);
  std::int64_t out = 0;
  std::int64_t filled = 0;
  for (const merge::Piece& piece : merger_.pieces()) {
    out += piece.count;
    if (piece.reason == merge::Reason::filled) filled += piece.count;
  }
  counters_.series_in.add(strands);
  counters_.series_out.add(empty() ? 0 : 1);
  counters_.samples_in.add(in);
  counters_.samples_out.add(out);
  samples_ += static_cast<std::uint64_t>(out);
  counters_.samples_filled.add(filled);
}

Result<std::span<const Chunk>> MergedSeries::chunks() {
  row_.clear();
  auto emitted = merge::emit_chunks(group_->strands, merger_.pieces(), row_);
  if (emitted.has_error()) return std::move(emitted).error();
  counters_.chunks_passed.add(static_cast<std::int64_t>(row_.passed));
  counters_.chunks_rewritten.add(static_cast<std::int64_t>(row_.chunks.size() - row_.passed));
  return std::span<const Chunk>(row_.chunks);
}

namespace {

class IntoWriter final : public merge::SampleSink {
 public:
  explicit IntoWriter(wire::SamplesWriter& out) : out_(out) {}

  void floats(std::span<const Timestamp> times, std::span<const DoubleBits> values) override {
    out_.add(times, values);
    written_ += times.size();
  }

  void histogram(Timestamp t, const Histogram& h) override {
    out_.add(t, h);
    ++written_;
  }

  std::uint64_t written() const { return written_; }

 private:
  wire::SamplesWriter& out_;
  std::uint64_t written_ = 0;
};

}  // namespace

Result<std::uint64_t> MergedSeries::write_samples(wire::SamplesWriter& out) {
  IntoWriter sink(out);
  auto emitted = merge::emit_samples(group_->strands, merger_.pieces(), sink);
  if (emitted.has_error()) return std::move(emitted).error();
  return sink.written();
}

}  // namespace prombraid::read
