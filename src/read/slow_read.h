/// A read that took long, as the log tells of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "wire/request.h"

namespace prombraid::read {

/// Gathered while a read runs.
struct ReadTally {
  std::string remote;         ///< where the client is
  wire::ReadRequest request;  ///< no queries: it was refused before they were known
  std::size_t replicas = 0;   ///< asked
  std::size_t failed = 0;     ///< of those
  std::uint64_t series = 0;
  std::uint64_t samples = 0;
  std::uint64_t bytes = 0;  ///< received from replicas, compressed
};

/// One line at level warn: how long, for whom, what was asked first, and what it came to.
void tell_slow(const ReadTally& tally, std::chrono::nanoseconds took, std::string_view outcome,
               std::string_view type);

/// The matchers of the first query as a selector, at most some 300 bytes.
std::string first_selector(const wire::ReadRequest& request);

}  // namespace prombraid::read
