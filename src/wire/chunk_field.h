/// prompb.Chunk: one chunk of a series as frames carry it.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "series/chunk.h"

namespace prombraid::wire {

/// Decodes the chunks of one series after the other. The chunks of a target's series have the same
/// times: where one is coded as the one in its place was in the series before, that is not read
/// again.
class ChunkField {
 public:
  /// Chunk number `place` of its series, whose `data` points into `message`. Neither its encoding
  /// nor its times are looked at.
  /// Errors: corrupt (also for data of less than the two bytes that every encoding begins with).
  Result<void> decode(std::string_view message, std::size_t place, Chunk& chunk);

 private:
  /// All before the data, as Prometheus writes it: three fields in 16 bytes, since times take six
  /// from 2004 to 2109.
  struct Head {
    static constexpr std::size_t size = 16;

    bool begins(const char* message) const { return std::memcmp(bytes, message, size) == 0; }

    char bytes[size] = {};
    Timestamp min_time = 0;
    Timestamp max_time = 0;
    Encoding encoding = Encoding::unknown;
  };

  bool decode_usual(std::string_view message, std::size_t place, Chunk& chunk);
  void remember(const char* message, std::size_t place, const Chunk& chunk);

  std::vector<Head> heads_;  ///< of the first places
};

}  // namespace prombraid::wire
