/// What reads found out about one run of a replica, and the reads after them obey.
#pragma once

#include <atomic>
#include <string>

#include "replica/failure.h"

namespace prombraid::read {

/// Written by all threads, each bit once. A replica that is restarted begins with new ones.
struct Lessons {
  std::atomic<bool> unknown_encoding{false};  ///< its chunks can't be read: ask for SAMPLES
  std::atomic<bool> unsorted{false};          ///< its streams are out of order: collect and sort
};

/// Takes from a failure what it says about the reads to come, and logs it the first time.
void learn(Lessons& lessons, const std::string& replica, const replica::ReadFailure& failure);

}  // namespace prombraid::read
