/// What `prombraid read` was told to do.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "config/selection.h"

namespace prombraid::config {

enum class ReadFormat : std::uint8_t { text, json, openmetrics };

struct ReadConfig : Selection {
  std::string url;  ///< of a server's remote_read
  ReadFormat format = ReadFormat::text;
  bool samples = false;  ///< ask for samples and not for a stream of chunks
  std::chrono::milliseconds timeout{300'000};
};

}  // namespace prombraid::config
