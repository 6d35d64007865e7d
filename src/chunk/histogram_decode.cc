#include <algorithm>
#include <span>
#include <utility>

#include "chunk/decoders.h"
#include "chunk/histogram_layout.h"
#include "chunk/histogram_tracks.h"
#include "chunk/start_time.h"
#include "chunk/varbit.h"

namespace prombraid::chunk {

namespace {

/// The counter reset header, two bits (histogram.go, CounterResetHeader).
ResetHint hint_of(unsigned header, std::size_t sample) {
  if (header == 0b11) return ResetHint::gauge;
  if (sample > 0) return ResetHint::not_reset;
  return header == 0b10 ? ResetHint::reset : ResetHint::unknown;
}

/// Whatever `h` held, in place: the memory of its vectors serves again.
void set_stale(Histogram& h, bool is_float) {
  for (auto* spans : {&h.positive_spans, &h.negative_spans}) spans->clear();
  for (auto* deltas : {&h.positive_deltas, &h.negative_deltas}) deltas->clear();
  for (auto* bits : {&h.positive_counts, &h.negative_counts, &h.custom_values}) bits->clear();
  h.is_float = is_float;
  h.reset_hint = ResetHint::unknown;
  h.schema = 0;
  h.zero_threshold = 0;
  h.count = 0;
  h.zero_count = 0;
  h.sum = stale_marker;
}

std::size_t decoded_bytes(const Histogram& layout, std::size_t buckets, std::size_t count) {
  const std::size_t one =
      sizeof(Histogram) +
      sizeof(BucketSpan) * (layout.positive_spans.size() + layout.negative_spans.size()) +
      sizeof(std::uint64_t) * (layout.custom_values.size() + buckets);
  return one * count;
}

/// Walks the samples; `Tracks` is Integers or Floats.
template <class Tracks>
class Walk {
 public:
  Walk(const Chunk& chunk, unsigned count, unsigned reset_header)
      : in_(chunk.data.substr(head_bits / 8)),
        encoding_(chunk.encoding),
        count_(count),
        reset_header_(reset_header) {}

  Result<void> run(const StartTimes* starts, DecodedChunk& out) {
    if (auto begun = begin(); !begun) return begun;
    out.values.clear();
    out.times.resize(count_);
    out.histograms.resize(count_);
    return each(starts, [&](std::size_t i) {
      out.times[i] = static_cast<Timestamp>(time_.value);
      copy_to(out.histograms[i], i);
    });
  }

  /// Gives the samples [first, end) one by one.
  Result<void> run(const StartTimes* starts, std::size_t first, std::size_t end,
                   const TakeHistogram& take) {
    if (auto begun = begin(); !begun) return begun;
    count_ = static_cast<unsigned>(end);
    Histogram h;
    return each(starts, [&](std::size_t i) {
      if (i < first) return;
      copy_to(h, i);
      take(static_cast<Timestamp>(time_.value), h);
    });
  }

  Result<TimesSeen> run(const StartTimes* starts, const TimeRows& rows) {
    if (auto begun = begin(); !begun) return std::move(begun).error();
    TimesSeen seen;
    auto done = each(starts, [&](std::size_t i) {
      rows.times[i] = static_cast<Timestamp>(time_.value);
      rows.stale[i] = tracks_.stale() ? 1 : 0;
      rows.ends[i] = static_cast<std::uint32_t>(head_bits + in_.position());
      seen.stale |= tracks_.stale();
      if (i == 0) return;
      seen.least_step = std::min(seen.least_step, time_.delta);
      seen.most_step = std::max(seen.most_step, time_.delta);
    });
    if (!done) return std::move(done).error();
    return seen;
  }

 private:
  static constexpr std::size_t head_bits = 24;

  template <class Take>
  Result<void> each(const StartTimes* starts, Take take) {
    for (std::size_t i = 0; i < count_; ++i) {
      const bool valid = read(i) && (starts == nullptr || starts->skip(i, in_));
      if (!valid || !in_.ok()) return unreadable({encoding_, i, count_}, !in_.ok());
      take(i);
    }
    return {};
  }

  /// Reads the layout, and checks all that is to be reserved against the bits there are.
  Result<void> begin() {
    const SampleAt at{encoding_, 0, count_};
    // A sample is four bits or more: time, count, zero count, sum.
    if (std::size_t{count_} * 4 > in_.bits_left()) {
      return corrupt(at, "so many samples need more bytes");
    }
    if (const char* wrong = read_layout(in_, layout_)) return corrupt(at, wrong);
    if (!in_.ok()) return unreadable(at, true);
    positive_ = bucket_count(layout_.positive_spans);
    const std::size_t buckets = positive_ + bucket_count(layout_.negative_spans);
    if (buckets > in_.bits_left() / Tracks::least_bits_per_bucket) {
      return corrupt(at, "more buckets than the data can hold");
    }
    if (decoded_bytes(layout_, buckets, count_) > max_decoded_bytes) {
      return Error(ErrorKind::limit, "histogram chunk: " + std::to_string(count_) + " samples of " +
                                         std::to_string(buckets) +
                                         " buckets take more than 64 MiB decoded");
    }
    tracks_.resize(buckets);
    return {};
  }

  bool read(std::size_t i) {
    if (i > 0) {
      time_.read(in_);
      return tracks_.next(in_);
    }
    time_.value = static_cast<std::uint64_t>(read_varbit_int(in_));
    tracks_.first(in_);
    return true;
  }

  void copy_to(Histogram& h, std::size_t i) const {
    if (tracks_.stale()) return set_stale(h, Tracks::is_float);
    h = layout_;
    h.is_float = Tracks::is_float;
    h.reset_hint = hint_of(reset_header_, i);
    tracks_.copy_to(h, positive_);
  }

  BitReader in_;
  Encoding encoding_;
  unsigned count_;
  unsigned reset_header_;
  Histogram layout_;
  std::size_t positive_ = 0;  ///< buckets
  IntegerTrack time_;
  Tracks tracks_;
};

/// How the bytes of a chunk's head are to be understood.
struct Head {
  explicit Head(const Chunk& chunk)
      : third(static_cast<std::uint8_t>(chunk.data[2])),
        with_starts(chunk.encoding == Encoding::histogram_st ||
                    chunk.encoding == Encoding::float_histogram_st),
        floats(chunk.encoding == Encoding::float_histogram ||
               chunk.encoding == Encoding::float_histogram_st),
        starts(third),
        reset((with_starts ? static_cast<std::uint8_t>(chunk.data[0]) : third) >> 6) {}

  // The ST encodings use the third byte for start times, and two bits of the count for resets.
  std::uint8_t third;
  bool with_starts;
  bool floats;
  StartTimes starts;
  unsigned reset;

  const StartTimes* used() const { return with_starts ? &starts : nullptr; }
};

}  // namespace

Result<void> decode_histograms(const Chunk& chunk, unsigned count, DecodedChunk& out) {
  const Head head(chunk);
  return head.floats ? Walk<Floats>(chunk, count, head.reset).run(head.used(), out)
                     : Walk<Integers>(chunk, count, head.reset).run(head.used(), out);
}

Result<void> decode_histograms(const Chunk& chunk, unsigned count, std::size_t first,
                               std::size_t end, const TakeHistogram& take) {
  const Head head(chunk);
  return head.floats ? Walk<Floats>(chunk, count, head.reset).run(head.used(), first, end, take)
                     : Walk<Integers>(chunk, count, head.reset).run(head.used(), first, end, take);
}

Result<TimesSeen> decode_histogram_times(const Chunk& chunk, unsigned count, const TimeRows& rows) {
  const Head head(chunk);
  return head.floats ? Walk<Floats>(chunk, count, head.reset).run(head.used(), rows)
                     : Walk<SumsOfIntegers>(chunk, count, head.reset).run(head.used(), rows);
}

}  // namespace prombraid::chunk
