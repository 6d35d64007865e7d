#include "merge/lane.h"

#include <algorithm>
#include <string>
#include <tuple>

namespace prombraid::merge {
namespace {

void put_in_order(std::vector<Moment>& moments) {
  const auto not_before = [](const Moment& a, const Moment& b) { return a.t >= b.t; };
  if (std::adjacent_find(moments.begin(), moments.end(), not_before) == moments.end()) return;
  std::sort(moments.begin(), moments.end(), [](const Moment& a, const Moment& b) {
    return std::tuple(a.t, a.chunk, a.index + 0u) < std::tuple(b.t, b.chunk, b.index + 0u);
  });
  const auto same_time = [](const Moment& a, const Moment& b) { return a.t == b.t; };
  moments.erase(std::unique(moments.begin(), moments.end(), same_time), moments.end());
}

}  // namespace

Result<void> Lane::load(const Strand& strand) {
  moments_.clear();
  for (std::size_t c = 0; c < strand.chunks.size(); ++c) {
    if (auto done = chunk::decode(strand.chunks[c], decoded_); !done) {
      moments_.clear();
      return std::move(done).error().in("chunk " + std::to_string(c));
    }
    for (std::size_t i = 0; i < decoded_.size(); ++i) {
      moments_.push_back({decoded_.times[i], static_cast<std::uint32_t>(c),
                          static_cast<std::uint32_t>(i) & 0x7fffffffu, decoded_.stale(i)});
    }
  }
  put_in_order(moments_);
  return {};
}

}  // namespace prombraid::merge
