#include "merge/series_merger.h"

#include <algorithm>

#include "merge/interval.h"

namespace prombraid::merge {

void SeriesMerger::merge(std::span<const Strand* const> strands, TimeRange range) {
  pieces_.clear();
  faults_.clear();
  load(strands);
  braider_.braid(views_, interval_of(views_));
  cut_pieces(strands, range);
}

void SeriesMerger::load(std::span<const Strand* const> strands) {
  if (lanes_.size() < strands.size()) lanes_.resize(strands.size());
  views_.assign(strands.size(), {});
  for (std::size_t k = 0; k < strands.size(); ++k) {
    if (strands[k] == nullptr) continue;
    if (auto loaded = lanes_[k].load(*strands[k]); !loaded) {
      faults_.push_back({static_cast<std::uint32_t>(k), std::move(loaded).error()});
      continue;
    }
    views_[k] = lanes_[k].moments();
  }
}

void SeriesMerger::cut_pieces(std::span<const Strand* const> strands, TimeRange range) {
  for (const Run& run : braider_.runs()) {
    for (const Moment& moment : views_[run.lane].subspan(run.from, run.count)) {
      if (range.contains(moment.t)) add(run.lane, moment, run.reason);
    }
  }
  for (Piece& piece : pieces_) {
    const auto held = chunk::sample_count(strands[piece.strand]->chunks[piece.chunk]);
    piece.whole = piece.first == 0 && held && *held == piece.count;
  }
}

void SeriesMerger::add(std::uint32_t strand, const Moment& moment, Reason reason) {
  if (!pieces_.empty()) {
    Piece& last = pieces_.back();
    if (last.strand == strand && last.chunk == moment.chunk && last.reason == reason &&
        last.first + last.count == moment.index) {
      ++last.count;
      last.max_time = moment.t;
      return;
    }
  }
  pieces_.push_back({.strand = strand,
                     .chunk = moment.chunk,
                     .first = moment.index,
                     .count = 1,
                     .reason = reason,
                     .whole = false,
                     .min_time = moment.t,
                     .max_time = moment.t});
}

}  // namespace prombraid::merge
