/// A series as text, in the forms that `prombraid read` writes.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "config/read_config.h"
#include "series/chunk.h"

namespace prombraid::app {

struct Written {
  std::uint64_t samples = 0;
  std::uint64_t left_out = 0;  ///< what the form has no way to say
};

/// Appends `strand` to `out`:
///
///   text         the labels, then a line a sample: time and value
///   json         one object on a line, as a matrix of the HTTP API has it; a histogram is shown
///                by its count and sum
///   openmetrics  a line a sample, to be read by `promtool tsdb create-blocks-from openmetrics`;
///                histograms and stale markers can't be told there and are left out
///
/// Fails with corrupt where a chunk does not decode.
Result<Written> append_series(std::string& out, const Strand& strand, config::ReadFormat format);

/// What stands behind the last series.
std::string ending(config::ReadFormat format);

}  // namespace prombraid::app
