#include "read/lessons.h"

#include "log/log.h"

namespace prombraid::read {

void learn(Lessons& lessons, const std::string& replica, const replica::ReadFailure& failure) {
  const bool unsorted = failure.reason == replica::FailureReason::unsorted;
  if (!unsorted && failure.reason != replica::FailureReason::unknown_encoding) return;
  std::atomic<bool>& lesson = unsorted ? lessons.unsorted : lessons.unknown_encoding;
  if (lesson.exchange(true)) return;
  log::warn(unsorted ? "a replica's series are out of order: its answers are collected and sorted"
                     : "a replica sends chunks that can't be read here: it is asked for samples",
            {{"replica", replica}, {"error", failure.error.what}});
}

}  // namespace prombraid::read
