/// Chunks written by Prometheus, with what Prometheus reads back from them.
#pragma once

#include <string>
#include <vector>

#include "chunk/decode.h"

namespace prombraid::chunk {

struct Golden {
  std::string name;
  Encoding encoding = Encoding::unknown;
  std::string data;
  DecodedChunk samples;

  /// With the times of its first and last sample.
  Chunk chunk() const { return {samples.times.front(), samples.times.back(), encoding, data}; }
  bool reset_header() const;  ///< the head says that the first sample was reset
};

/// All of a file in test/golden; without `samples` where the file has none.
std::vector<Golden> read_goldens(const std::string& file);

/// All of test/golden/chunks.jsonl, read once.
const std::vector<Golden>& goldens();

/// The golden of this name; fails the test where there is none.
const Golden& golden(const std::string& name);

std::string from_hex(std::string_view hex);
std::string to_hex(std::string_view bytes);

}  // namespace prombraid::chunk
