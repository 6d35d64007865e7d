/// One decoder for each family of encodings, behind `decode`.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "chunk/decode.h"
#include "chunk/decode_times.h"

namespace prombraid::chunk {

/// Where in which chunk something was wrong, for the text of an error.
struct SampleAt {
  Encoding encoding;
  std::size_t sample;
  std::size_t of;
};

/// "XOR chunk: sample 3 of 120 (counted from 0): <what>"
[[gnu::cold]] Error corrupt(const SampleAt& at, std::string_view what);

/// "the data ends" or "a field is not valid", as the reader's state says.
[[gnu::cold]] Error unreadable(const SampleAt& at, bool data_ended);

/// The chunk's count, where the samples [first, first + count) are among them; else fails with
/// internal, or as sample_count does.
Result<unsigned> count_around(const Chunk& chunk, std::size_t first, std::size_t count);

/// Each replaces what `out` holds; `count` is the head's and not yet checked against the data.
Result<void> decode_xor(const Chunk& chunk, unsigned count, DecodedChunk& out);
Result<void> decode_xor2(const Chunk& chunk, unsigned count, DecodedChunk& out);
Result<void> decode_histograms(const Chunk& chunk, unsigned count, DecodedChunk& out);

/// The samples [first, end) of a histogram chunk one by one, `end` at most `count`; those behind
/// are not looked at. The histogram is valid during the call.
using TakeHistogram = std::function<void(Timestamp, const Histogram&)>;
Result<void> decode_histograms(const Chunk& chunk, unsigned count, std::size_t first,
                               std::size_t end, const TakeHistogram& take);

/// Of decode_times; `count` is above zero.
Result<TimesSeen> decode_xor_times(const Chunk& chunk, unsigned count, const TimeRows& rows);
Result<TimesSeen> decode_histogram_times(const Chunk& chunk, unsigned count, const TimeRows& rows);

}  // namespace prombraid::chunk
