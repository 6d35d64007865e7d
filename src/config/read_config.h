/// What `prombraid read` was told to do.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace prombraid::config {

enum class ReadFormat : std::uint8_t { text, json, openmetrics };

struct ReadConfig {
  std::string url;                    ///< of a server's remote_read
  std::string match;                  ///< a series selector, as text
  std::optional<std::int64_t> start;  ///< milliseconds since the epoch; never empty once parsed
  std::int64_t end = 0;
  ReadFormat format = ReadFormat::text;
  bool samples = false;  ///< ask for samples and not for a stream of chunks
  std::chrono::milliseconds timeout{300'000};
};

}  // namespace prombraid::config
