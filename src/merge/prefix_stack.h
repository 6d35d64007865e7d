/// Puts series back in order after labels were added to all of them.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "series/labels.h"

namespace prombraid::merge {

/// Series arrive in the order of their own labels, and are to leave in the order of those labels
/// with the same external labels added to each. Adding labels turns the order of two series round
/// only where the labels of one are a proper prefix of the other's: `{a}` comes before `{a,b}`, but
/// `{a,b,z}` before `{a,z}`. So a series waits only while those that follow begin with it, and what
/// waits is a chain of prefixes, never longer than a series has labels.
///
/// `T` is what travels with a series, its answer for example; it must be movable. Two series whose
/// final labels are the same leave one after the other.
template <class T>
class PrefixStack {
 public:
  struct Item {
    Labels own;    ///< by which it arrives: strictly rising
    Labels final;  ///< by which it leaves: `own` and the external labels
    T load;
  };

  /// Takes the next series, and gives `leave(Item&&)` those that nothing can come before any more.
  template <class Leave>
  void push(Item item, Leave&& leave) {
    // What is no prefix of this one is none of a later one either, for all that begin with it stand
    // together. So nothing comes before it any more, nor before what comes before it.
    std::size_t free = waiting_.size();
    while (free > 0 && is_proper_prefix(waiting_[free - 1].own, item.own)) --free;
    release(free, leave);
    const auto at = std::upper_bound(
        waiting_.begin(), waiting_.end(), item,
        [](const Item& a, const Item& b) { return compare(a.final, b.final) < 0; });
    waiting_.insert(at, std::move(item));
  }

  /// The rest, after the last `push`.
  template <class Leave>
  void finish(Leave&& leave) {
    release(waiting_.size(), leave);
  }

  std::size_t waiting() const { return waiting_.size(); }

 private:
  template <class Leave>
  void release(std::size_t count, Leave& leave) {
    for (std::size_t i = 0; i < count; ++i) leave(std::move(waiting_[i]));
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
  }

  std::vector<Item> waiting_;  ///< by final labels
};

}  // namespace prombraid::merge
