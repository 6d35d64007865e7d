#include "merge/series_merger.h"

#include <algorithm>

#include "merge/interval.h"
#include "merge/rule.h"

namespace prombraid::merge {

void SeriesMerger::merge(std::span<const Strand* const> strands, TimeRange range, Timestamp now) {
  if (repeats(strands, range, now)) {
    ++repeated_;  // and so the pieces are as they were
    return;
  }
  decide(strands, range, now);
  cut_pieces(strands, range);
}

/// True where the last decision is this series' too: the rule, which sees nothing but times and
/// markers, would look at the same places and see the same.
bool SeriesMerger::repeats(std::span<const Strand* const> strands, TimeRange range, Timestamp now) {
  if (lane_count_ < 2 || strands.size() != lane_count_ || !faults_.empty()) return false;
  if (range != range_ || now != now_) return false;
  const Strand none;
  const auto strand = [&](std::size_t k) -> const Strand& {
    return strands[k] == nullptr ? none : *strands[k];
  };
  for (std::size_t k = 0; k < lane_count_; ++k) {
    if (!lanes_[k].resembles(strand(k))) return false;
  }
  chunks_.clear();
  for (std::size_t k = 0; k < lane_count_; ++k) {
    if (strands[k] != nullptr) lanes_[k].go_over(*strands[k], chunks_);
  }
  const auto can_be_known = [](const Chunk* c) { return chunk::times_can_be_known(c->encoding); };
  return std::all_of(chunks_.begin(), chunks_.end(), can_be_known) && prepare() &&
         known_.have_times(chunks_);
}

/// False where no series can repeat the last one.
bool SeriesMerger::prepare() {
  if (prepared_ != Prepared::no) return prepared_ == Prepared::yes;
  look_out_for_cuts();
  known_.clear();
  const std::span<Lane> lanes(lanes_.data(), lane_count_);
  const bool good =
      std::all_of(lanes.begin(), lanes.end(), [&](Lane& l) { return l.list(known_); });
  prepared_ = good ? Prepared::yes : Prepared::never;
  return good;
}

/// The places are known before the next series is walked through: so that is done once and not
/// again where it is cut.
void SeriesMerger::look_out_for_cuts() {
  for (const Piece& piece : pieces_) {
    if (!piece.whole) lanes_[piece.strand].look_out(piece.chunk, piece.first, piece.count);
  }
  for (Piece& piece : pieces_) {
    piece.places.begin = lanes_[piece.strand].place(piece.chunk, piece.first);
  }
}

void SeriesMerger::decide(std::span<const Strand* const> strands, TimeRange range, Timestamp now) {
  faults_.clear();
  range_ = range;
  now_ = now;
  prepared_ = Prepared::no;
  if (lanes_.size() < strands.size()) lanes_.resize(strands.size());
  lane_count_ = strands.size();
  for (std::size_t k = 0; k < strands.size(); ++k) {
    lanes_[k].close();
    if (strands[k] != nullptr) lanes_[k].open(*strands[k]);
  }
  const std::span<Lane> lanes(lanes_.data(), lane_count_);
  interval_.reset();
  // A lane shows its fault only when somebody looks into it. Each round repairs or drops one lane
  // at least, and both are for good.
  do {
    if (lane_count_ == 1) {
      lanes[0].open_at_ends(range);
      braider_.take_whole(lanes[0]);
    } else {
      interval_ = interval_of(lanes);
      const Timestamp read_until = widened(range, epoch_).end;
      braider_.braid(lanes, *interval_, epoch_, std::min(now, read_until));
    }
  } while (!settle(strands));
}

/// True where all lanes are good; else makes them so.
bool SeriesMerger::settle(std::span<const Strand* const> strands) {
  bool good = true;
  for (std::size_t k = 0; k < lane_count_; ++k) {
    Lane& lane = lanes_[k];
    if (lane.state() == Lane::State::good) continue;
    good = false;
    if (lane.state() == Lane::State::unruly) lane.repair(*strands[k]);
    if (lane.state() != Lane::State::faulty) continue;
    faults_.push_back({static_cast<std::uint32_t>(k), lane.error()});
    lane.close();
  }
  return good;
}

void SeriesMerger::cut_pieces(std::span<const Strand* const> strands, TimeRange range) {
  pieces_.clear();
  for (const Run& run : braider_.runs()) cut_run(run, range);
  for (Piece& piece : pieces_) {
    const auto held = chunk::sample_count(strands[piece.strand]->chunks[piece.chunk]);
    piece.whole = piece.first == 0 && held && *held == piece.count;
  }
}

void SeriesMerger::cut_run(const Run& run, TimeRange range) {
  Lane& lane = lanes_[run.lane];
  const auto best =
      std::find_if(lanes_.begin(), lanes_.end(), [](const Lane& l) { return l.size() > 0; });
  const Reason reason = &lane == &*best ? Reason::leader : Reason::filled;
  const std::uint32_t run_end = run.from + run.count;
  const Timestamp last = lane.time(run_end - 1);
  if (last < range.start || lane.time(run.from) > range.end) return;
  const std::uint32_t stop = last <= range.end ? run_end : lane.after(range.end);
  std::uint32_t i = lane.time(run.from) >= range.start ? run.from : lane.after(range.start - 1);
  while (i < stop) {
    const Moment first = lane.moment(i);
    const std::uint32_t count = std::min(lane.together(i), stop - i);
    pieces_.push_back(
        {.strand = run.lane,
         .chunk = first.chunk,
         .first = first.index,
         .count = count,
         .reason = reason,
         .whole = false,
         .min_time = first.t,
         .max_time = lane.time(i + count - 1),
         .places = {nullptr, lane.end(i + count - 1), first.t, lane.time(i + count - 1)}});
    i += count;
  }
}

Span SeriesMerger::interval() {
  if (!interval_) interval_ = interval_of({lanes_.data(), lane_count_});
  return *interval_;
}

std::size_t SeriesMerger::chunks_decoded() const {
  std::size_t sum = 0;
  for (std::size_t k = 0; k < lane_count_; ++k) sum += lanes_[k].chunks_decoded();
  return sum;
}

}  // namespace prombraid::merge
