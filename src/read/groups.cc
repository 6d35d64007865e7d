#include "read/groups.h"

#include <algorithm>
#include <new>

namespace prombraid::read {

namespace asio = boost::asio;
using Group = merge::SeriesJoin::Group;

std::size_t Contributors::alive() const {
  return static_cast<std::size_t>(
      std::count_if(feeds.begin(), feeds.end(), [](const auto& feed) { return feed != nullptr; }));
}

std::optional<std::size_t> Contributors::lacking() const {
  std::optional<std::size_t> first_asked;
  bool any = false;
  for (std::size_t s = 0; s < shares.size(); ++s) {
    if (shares[s].alive < shares[s].needed) return s;
    any = any || shares[s].alive > 0;
    if (!first_asked && shares[s].asked > 0) first_asked = s;
  }
  return any ? std::nullopt : first_asked;
}

void Contributors::lose(std::size_t i, replica::ReadFailure failure) {
  spans[i].failed(failure);
  failed.push_back({names[i], std::move(failure), i});
  feeds[i].reset();
  --shares[set_of[i]].alive;
}

void Contributors::lose(std::size_t i, replica::FailureReason reason, Error error) {
  lose(i, {reason, std::move(error).in("replica " + names[i])});
}

void Contributors::end_spans() {
  for (std::size_t i = 0; i < feeds.size(); ++i) {
    if (feeds[i]) spans[i].answered(feeds[i]->stats(), feeds[i]->series());
  }
}

void Contributors::lose_faulty(std::span<const merge::Fault> faults) {
  for (const merge::Fault& fault : faults) {
    if (!feeds[fault.strand]) continue;
    lose(fault.strand, replica::FailureReason::corrupt_chunk, fault.error);
  }
}

Groups::Groups(Contributors& contributors, std::size_t query)
    : contributors_(contributors), query_(query), join_(contributors.feeds.size()) {}

asio::awaitable<Result<const Group*>> Groups::next() {
  while (!join_.needs().empty()) {
    const std::size_t i = join_.needs().front();
    try {
      if (!put_ready(i)) co_await ask(i);
    } catch (const std::bad_alloc&) {
      lose(i, replica::FailureReason::limit, Error(ErrorKind::limit, no_memory));
    }
  }
  if (contributors_.lacking()) {
    co_return Error(ErrorKind::unavailable,
                    "replicas were lost midway: " + summary(contributors_.failed));
  }
  if (join_.done()) co_return static_cast<const Group*>(nullptr);
  if (++contributors_.series > contributors_.max_series && contributors_.max_series != 0) {
    co_return too_many();
  }
  const Group& group = join_.take();
  if (contributors_.shares.size() > 1) count_joined(group);
  co_return &group;
}

void Groups::count_joined(const Group& group) {
  std::optional<std::size_t> set;
  for (std::size_t i = 0; i < group.strands.size(); ++i) {
    if (group.strands[i] == nullptr) continue;
    if (set && *set != contributors_.set_of[i]) {
      ++contributors_.joined;
      return;
    }
    set = contributors_.set_of[i];
  }
}

Error Groups::too_many() const {
  return Error(ErrorKind::limit, "the answer has more series than --limits.series-per-read (" +
                                     std::to_string(contributors_.max_series) + ")");
}

bool Groups::put_ready(std::size_t i) {
  if (!contributors_.feeds[i]) return false;
  std::optional<Strand> strand = contributors_.feeds[i]->ready(query_);
  if (strand) put(i, std::move(*strand));
  return strand.has_value();
}

asio::awaitable<void> Groups::ask(std::size_t i) {
  if (!contributors_.feeds[i]) {
    join_.end(i);
    co_return;
  }
  auto got = co_await contributors_.feeds[i]->next(query_);
  if (got.has_error()) {
    contributors_.lose(i, got.error());
    join_.end(i);
    co_return;
  }
  if (!*got) {
    join_.end(i);
    co_return;
  }
  put(i, std::move(**got));
}

void Groups::put(std::size_t i, Strand&& strand) {
  auto joined = join_.put(i, std::move(strand));
  if (joined.has_error()) {
    lose(i, replica::FailureReason::unsorted, std::move(joined).error());
    return;
  }
  contributors_.feeds[i]->reuse(std::move(strand));
}

void Groups::lose(std::size_t i, replica::FailureReason reason, Error error) {
  contributors_.lose(i, reason, std::move(error));
  join_.end(i);
}

}  // namespace prombraid::read
