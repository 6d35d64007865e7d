#include "read/identity.h"

#include <algorithm>

namespace prombraid::read {

namespace {

/// Start times have nanoseconds and tell one process from another; labels change by a reload.
/// Where there is none, the rest must do.
std::string identity_of(const replica::ReplicaFacts& facts) {
  if (!facts.start_time.empty()) return facts.start_time;
  return "? " + facts.version + " " + to_string(facts.external_labels);
}

/// Go's RFC 3339 leaves trailing zeros out, which makes this wrong only within one second.
bool is_older(const std::string& now, const std::string& before) {
  return !now.starts_with('?') && !before.starts_with('?') && now < before;
}

}  // namespace

IdentityWatch::Seen IdentityWatch::look(const replica::ReplicaFacts& facts) {
  std::string now = identity_of(facts);
  if (!seen_.empty() && seen_.back() == now) {
    if (several_ && ++calm_ >= calm_looks) several_ = false;
    return several_ ? Seen::several : Seen::same;
  }
  calm_ = 0;
  const bool first = seen_.empty();
  const bool older = !first && is_older(now, seen_.back());
  const auto known = std::find(seen_.begin(), seen_.end(), now);
  const bool back_again = known != seen_.end();
  if (back_again) seen_.erase(known);
  if (seen_.size() == remembered) seen_.erase(seen_.begin());
  seen_.push_back(std::move(now));
  if (back_again || older) several_ = true;
  if (several_) return Seen::several;
  return first ? Seen::same : Seen::other;
}

}  // namespace prombraid::read
