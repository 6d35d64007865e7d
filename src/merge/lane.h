/// One strand as the rule sees it: when it spoke and when it said "stale". No values.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/error.h"
#include "chunk/cut_place.h"
#include "chunk/decode.h"
#include "chunk/decode_times.h"
#include "chunk/known_chunks.h"
#include "merge/times.h"
#include "series/chunk.h"

namespace prombraid::merge {

/// One sample's time and place.
struct Moment {
  Timestamp t = 0;
  bool stale = false;
  std::uint32_t chunk = 0;
  std::uint32_t index = 0;  ///< within the chunk

  bool operator==(const Moment&) const = default;
};

/// The moments of a strand, numbered from 0, their times strictly rising whatever the strand holds.
/// A chunk is decoded when somebody asks for a time inside it and not before.
///
/// The heads are believed until a chunk is decoded. Where they turn out to lie, or where chunks
/// overlap or times fall, `state` becomes unruly, the lane speaks no more and is to be opened again
/// with `repair`, which decodes everything, sorts it and of two samples with one timestamp keeps
/// the first. Where a chunk does not decode, `state` becomes faulty.
class Lane {
 public:
  enum class State : std::uint8_t { good, unruly, faulty };

  /// Looks at the heads only. `strand` must outlive the use of the lane.
  void open(const Strand& strand);
  /// Decodes all of it at once and puts it in order.
  void repair(const Strand& strand);
  /// Takes moments as they are; their times must rise strictly.
  void open(std::span<const Moment> moments);
  void close();

  /// True where `strand` has the chunks, by their heads, that the lane was opened with.
  bool resembles(const Strand& strand) const;
  /// For strands that it `resembles`: where one has the same times, and no stale marker, in every
  /// chunk that was decoded, all that was learnt and decided holds for it too. `list` adds those
  /// chunks to `known`, false where one can't be known again; `go_over` gives the same ones of a
  /// strand. Where that has other times the lane is to be opened anew.
  bool list(chunk::KnownChunks& known);
  void go_over(const Strand& strand, std::vector<const Chunk*>& chunks);

  /// Before `list`: the samples [first, first + count) of a chunk are to be a slice.
  void look_out(std::uint32_t chunk, std::uint32_t first, std::uint32_t count);
  /// Once all are told: the place where such a slice begins, if `first` is above 0. Of one chunk
  /// one place is found, else null.
  const chunk::CutPlace* place(std::uint32_t chunk, std::uint32_t first) const;

  State state() const { return state_; }
  const Error& error() const { return error_; }

  std::uint32_t size() const { return state_ == State::good ? size_ : 0; }

  /// Of a moment that was found by one of the looks below: those decode. After `open_at_ends` the
  /// first and the last moment of every chunk have their times without that.
  Timestamp time(std::uint32_t i) const { return times_[i]; }
  bool stale(std::uint32_t i) const { return stale_[i] != 0; }
  Moment moment(std::uint32_t i) const;
  /// Where its sample's bits end in the chunk: null where that is not known, or it is 0.
  const std::uint32_t* end(std::uint32_t i) const {
    return sorted_.empty() && heads_[head_of(i)].decoded ? &ends_[i] : nullptr;
  }
  /// How many moments from `i` on follow each other in one chunk, without one left out.
  std::uint32_t together(std::uint32_t i) const;

  /// The end of the moments around `i` that are decoded already: a loop from `i` to it needs no
  /// more checks. `i` itself gets decoded.
  std::uint32_t ready_until(std::uint32_t i);
  const Timestamp* times() const { return times_.get(); }

  /// The last moment to which a row of real samples goes on from `i`: none later than `until`, none
  /// more than `longest` after the one before. Decodes what it comes by; a chunk that is such a row
  /// as a whole costs one look.
  std::uint32_t row_end(std::uint32_t i, Span longest, Timestamp until);

  /// The first moment later than `t`; size() where there is none. Decodes at most one chunk.
  std::uint32_t after(Timestamp t);
  /// True where a moment is in (after, until]: mostly by the heads alone.
  bool speaks_in(Timestamp after, Timestamp until);
  /// Decodes the chunks that `range` cuts.
  void open_at_ends(TimeRange range);

  /// The first real sample that is not before moment `i` nor later than `until`.
  std::optional<std::uint32_t> real_from(std::uint32_t i, Timestamp until);

  /// The first real sample in (after, until]; the last; the first stale marker there.
  std::optional<std::uint32_t> first_real(Timestamp after, Timestamp until) {
    return real_from(this->after(after), until);
  }
  std::optional<std::uint32_t> last_real(Timestamp after, Timestamp until);
  std::optional<std::uint32_t> first_stale(Timestamp after, Timestamp until);

  /// A real sample in (t - reach, t] and no stale marker after it until t.
  bool live(Timestamp t, Span reach);

  /// The mean distance of moments inside a chunk, in the middle of all chunks by their weight, from
  /// the heads alone; 0 where no chunk has two samples.
  Span mean_gap();

  /// How many moments follow the one before them at a distance in [least, least + width). All must
  /// be decoded.
  std::uint32_t gaps_of(Span least, Span width) const;

  /// The lane's own scrape interval where that is coarser than the one of the series (interval.h);
  /// else 0.
  Span coarse() const { return coarse_; }
  void set_coarse(Span interval) { coarse_ = interval; }

  std::size_t chunks_decoded() const { return chunks_decoded_; }

 private:
  /// The moments [first, next head's first) are chunk `chunk`.
  struct Head {
    Timestamp min_time = 0;
    Timestamp max_time = 0;
    std::uint32_t first = 0;
    std::uint32_t count = 0;
    std::uint32_t chunk = 0;
    bool decoded = false;
    std::int32_t cut = -1;   ///< which of `cuts_` is its
    chunk::AskedEnds asked;  ///< of slices
    chunk::TimesSeen seen;   ///< once it is decoded
  };

  void make_room();
  bool add_head(const Chunk& chunk, std::uint32_t number);
  std::size_t head_of(std::uint32_t i) const {
    const Head& near = heads_[at_head_];
    return near.first <= i && i - near.first < near.count ? at_head_ : find_head(i);
  }
  std::size_t find_head(std::uint32_t i) const;
  bool decode(Head& head);
  Result<chunk::TimesSeen> decode_whole(const Head& head, const Chunk& chunk);
  chunk::TimesSeen look_over(std::uint32_t first, std::uint32_t count) const;
  bool as_told(const Head& head, const chunk::TimesSeen& seen) const;

  const Strand* strand_ = nullptr;
  State state_ = State::good;
  Error error_;
  std::uint32_t size_ = 0;
  Span coarse_ = 0;
  mutable std::size_t at_head_ = 0;  ///< where the last look was: the next is near
  std::vector<Head> heads_;
  // Room for each moment, filled where its chunk is decoded and not before: of a long series whose
  // chunks stay closed it is memory that is never touched. The room only grows.
  std::uint32_t room_ = 0;
  std::unique_ptr<Timestamp[]> times_;
  std::unique_ptr<std::uint8_t[]> stale_;
  std::unique_ptr<std::uint32_t[]> ends_;
  std::unique_ptr<chunk::StepCode[]> codes_;  ///< of `list`; null: it was never needed
  std::vector<chunk::CutPlace> cuts_;
  std::vector<std::pair<Span, std::uint32_t>> gaps_;  ///< of mean_gap, here for its capacity
  std::optional<Span> mean_gap_;
  std::vector<Moment> sorted_;  ///< the place of every moment, where no heads tell it
  std::size_t chunks_decoded_ = 0;
  chunk::DecodedChunk decoded_;
};

}  // namespace prombraid::merge
