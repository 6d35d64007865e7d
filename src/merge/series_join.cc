#include "merge/series_join.h"

#include <algorithm>
#include <numeric>

namespace prombraid::merge {

const Labels& SeriesJoin::Group::labels() const {
  const auto first = std::find_if(strands.begin(), strands.end(),
                                  [](const Strand* strand) { return strand != nullptr; });
  return (*first)->labels;
}

std::size_t SeriesJoin::Group::bytes() const {
  std::size_t sum = 0;
  for (const Strand* strand : strands) {
    if (strand != nullptr) sum += strand->bytes();
  }
  return sum;
}

SeriesJoin::SeriesJoin(std::size_t replicas) : seats_(replicas), needs_(replicas) {
  std::iota(needs_.begin(), needs_.end(), std::size_t{0});
  group_.strands.resize(replicas);
}

void SeriesJoin::drop_need(std::size_t replica) {
  std::erase(needs_, replica);
}

Result<void> SeriesJoin::put(std::size_t replica, Strand&& strand) {
  Seat& seat = seats_[replica];
  if (seat.spoke && compare(strand.labels, seat.given.labels) <= 0) {
    return Error(ErrorKind::corrupt, "series out of order: " + to_string(strand.labels) +
                                         " after " + to_string(seat.given.labels));
  }
  seat.waiting = std::move(strand);
  ++waiting_;
  drop_need(replica);
  return {};
}

void SeriesJoin::end(std::size_t replica) {
  seats_[replica].ended = true;
  drop_need(replica);
}

const SeriesJoin::Group& SeriesJoin::take() {
  const Labels* smallest = nullptr;
  for (const Seat& seat : seats_) {
    if (!seat.waiting) continue;
    if (smallest == nullptr || compare(seat.waiting->labels, *smallest) < 0) {
      smallest = &seat.waiting->labels;
    }
  }
  // A copy: the first strand that is moved away takes its labels with it.
  const Labels labels = *smallest;
  for (std::size_t i = 0; i < seats_.size(); ++i) {
    Seat& seat = seats_[i];
    group_.strands[i] = nullptr;
    if (!seat.waiting || !(seat.waiting->labels == labels)) continue;
    seat.given = std::move(*seat.waiting);
    seat.waiting.reset();
    seat.spoke = true;
    group_.strands[i] = &seat.given;
    --waiting_;
    if (!seat.ended) needs_.push_back(i);
  }
  return group_;
}

}  // namespace prombraid::merge
