/// Text of flags as numbers: durations, sizes and counts, as Prometheus reads them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace prombraid::config {

/// `1h30m`, `250ms`, `0`: units y w d h m s ms, each at most once, biggest first
/// (prometheus/common model/time.go, ParseDuration).
Result<std::chrono::milliseconds> parse_duration(std::string_view text);

/// `64MiB`, `64MB`, `512KB`, `1GiB`, `1048576`: all units are powers of 1024, as in Prometheus
/// (alecthomas/units Base2Bytes).
Result<std::uint64_t> parse_size(std::string_view text);

/// `50000000` or `5e7`: a whole number, in decimal or with an exponent, up to 2^53.
Result<std::uint64_t> parse_count(std::string_view text);

/// The shortest text that the parser above reads as the same value.
std::string format_duration(std::chrono::milliseconds duration);
std::string format_size(std::uint64_t bytes);

}  // namespace prombraid::config
