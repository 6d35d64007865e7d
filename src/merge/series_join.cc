#include "merge/series_join.h"

#include <algorithm>
#include <cassert>

namespace prombraid::merge {

const Labels& SeriesJoin::Group::labels() const {
  const auto first =
      std::find_if(strands.begin(), strands.end(), [](const Strand* s) { return s; });
  assert(first != strands.end());
  return (*first)->labels;
}

std::size_t SeriesJoin::Group::bytes() const {
  std::size_t sum = 0;
  for (const Strand* strand : strands) sum += strand ? strand->bytes() : 0;
  return sum;
}

SeriesJoin::SeriesJoin(std::size_t replicas) : seats_(replicas) {
  for (std::size_t r = 0; r < replicas; ++r) needs_.push_back(r);
  group_.strands.resize(replicas);
}

Result<void> SeriesJoin::put(std::size_t replica, Strand&& strand) {
  Seat& seat = seats_[replica];
  assert(seat.state == State::needed);
  // The strand before, if there is one, is still here: it was in the last group.
  if (seat.spoke && compare(seat.strand.labels, strand.labels) >= 0) {
    return Error{ErrorKind::corrupt, "series out of order: " + to_string(strand.labels) +
                                         " after " + to_string(seat.strand.labels)};
  }
  std::swap(seat.strand, strand);
  seat.spoke = true;
  seat.state = State::holding;
  ++waiting_;
  std::erase(needs_, replica);
  return {};
}

void SeriesJoin::end(std::size_t replica) {
  Seat& seat = seats_[replica];
  if (seat.state == State::holding) {
    seat.ends_after = true;
    return;
  }
  seat.state = State::ended;
  std::erase(needs_, replica);
}

const SeriesJoin::Group& SeriesJoin::take() {
  assert(needs_.empty() && waiting_ > 0);
  const Labels* least = nullptr;
  for (const Seat& seat : seats_) {
    if (seat.state != State::holding) continue;
    if (least == nullptr || compare(seat.strand.labels, *least) < 0) least = &seat.strand.labels;
  }
  for (std::size_t r = 0; r < seats_.size(); ++r) {
    Seat& seat = seats_[r];
    const bool in = seat.state == State::holding && seat.strand.labels == *least;
    group_.strands[r] = in ? &seat.strand : nullptr;
    if (!in) continue;
    --waiting_;
    seat.state = seat.ends_after ? State::ended : State::needed;
    if (!seat.ends_after) needs_.push_back(r);
  }
  return group_;
}

}  // namespace prombraid::merge
