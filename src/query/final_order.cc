#include "query/final_order.h"

namespace prombraid::query {

bool FinalOrder::is_external(Label label) const {
  return external_ != nullptr && external_->get(label.name) == label.value;
}

/// True where `prefix` without its external labels is a proper prefix of `of` without its own.
bool FinalOrder::begins(const Labels& prefix, const Labels& of) const {
  const std::size_t shared = prefix.shared_with(of);  // external in both or in none
  std::size_t j = shared;
  const auto next_own = [&] {
    while (j < of.size() && is_external(of[j])) ++j;
    return j < of.size();
  };
  for (std::size_t i = shared; i < prefix.size(); ++i) {
    const Label label = prefix[i];
    if (is_external(label)) continue;
    if (!next_own() || of[j] != label) return false;
    ++j;
  }
  return next_own();
}

void FinalOrder::push(Strand strand) {
  if (!held_.empty() && held_.back().labels == strand.labels) {
    absorb(std::move(strand), held_.back());
    return;
  }
  while (!held_.empty() && !begins(held_.back().labels, strand.labels)) release();
  // What is left begins `strand`. Where it is to be answered before it, it is before all that
  // can still come, as the next label of those is no smaller than that of `strand`.
  while (!held_.empty() && compare(held_.back().labels, strand.labels) < 0) release();
  held_.push_back(std::move(strand));
}

void absorb(Strand&& from, Strand& into) {
  for (auto& buffer : from.buffers) into.buffers.push_back(std::move(buffer));
  into.chunks.insert(into.chunks.end(), from.chunks.begin(), from.chunks.end());
}

void FinalOrder::end() {
  while (!held_.empty()) release();
}

void FinalOrder::release() {
  ready_.push_back(std::move(held_.back()));
  held_.pop_back();
}

std::optional<Strand> FinalOrder::pop() {
  if (ready_.empty()) return std::nullopt;
  std::optional<Strand> out(std::move(ready_.front()));
  ready_.pop_front();
  return out;
}

}  // namespace prombraid::query
