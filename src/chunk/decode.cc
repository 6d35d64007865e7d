#include "chunk/decode.h"

#include "chunk/decoders.h"

namespace prombraid::chunk {

namespace {

std::string name_of(Encoding encoding) {
  switch (encoding) {
    case Encoding::unknown:
    case Encoding::xor_float:
      return "XOR";
    case Encoding::histogram:
      return "histogram";
    case Encoding::float_histogram:
      return "float histogram";
    case Encoding::xor2:
      return "XOR2";
    case Encoding::histogram_st:
      return "histogram-ST";
    case Encoding::float_histogram_st:
      return "float-histogram-ST";
  }
  return "encoding " + std::to_string(static_cast<unsigned>(encoding));
}

/// Bytes before the first sample: the count, and in all but XOR a byte of flags.
std::size_t head_size(Encoding encoding) {
  return encoding == Encoding::unknown || encoding == Encoding::xor_float ? 2 : 3;
}

}  // namespace

bool holds_histograms(Encoding encoding) {
  return encoding == Encoding::histogram || encoding == Encoding::float_histogram ||
         encoding == Encoding::histogram_st || encoding == Encoding::float_histogram_st;
}

Error corrupt(const SampleAt& at, std::string_view what) {
  return Error(ErrorKind::corrupt, name_of(at.encoding) + " chunk: sample " +
                                       std::to_string(at.sample) + " of " + std::to_string(at.of) +
                                       " (counted from 0): " + std::string(what));
}

Error unreadable(const SampleAt& at, bool data_ended) {
  return corrupt(at, data_ended ? "the data ends" : "a field is not valid");
}

Result<unsigned> checked_sample_count(const Chunk& chunk) {
  if (chunk.encoding > Encoding::float_histogram_st) {
    return Error(ErrorKind::unsupported, "chunk encoding " +
                                             std::to_string(static_cast<unsigned>(chunk.encoding)) +
                                             " is not known here (0 to 6 are)");
  }
  if (chunk.data.size() < head_size(chunk.encoding)) {
    return Error(ErrorKind::corrupt, name_of(chunk.encoding) + " chunk of " +
                                         std::to_string(chunk.data.size()) +
                                         " bytes: too short for a head");
  }
  const unsigned count = count_in_head(chunk);
  // The ST encodings keep the reset flags in the count's two top bits (Prometheus st.go).
  const bool with_flags =
      chunk.encoding == Encoding::histogram_st || chunk.encoding == Encoding::float_histogram_st;
  return with_flags ? count & 0x3fff : count;
}

Result<unsigned> count_around(const Chunk& chunk, std::size_t first, std::size_t count) {
  const Result<unsigned> of = sample_count(chunk);
  if (!of || (count <= *of && first <= *of - count)) return of;
  return Error(ErrorKind::internal, "slice of " + std::to_string(count) + " samples from " +
                                        std::to_string(first) + " of a chunk of " +
                                        std::to_string(*of));
}

Result<void> decode(const Chunk& chunk, DecodedChunk& out) {
  const Result<unsigned> count = sample_count(chunk);
  if (!count) return count.error();
  if (*count == 0) {
    out.clear();
    return {};
  }
  if (holds_histograms(chunk.encoding)) return decode_histograms(chunk, *count, out);
  if (chunk.encoding == Encoding::xor2) return decode_xor2(chunk, *count, out);
  return decode_xor(chunk, *count, out);
}

Result<TimesSeen> decode_times(const Chunk& chunk, unsigned count, const TimeRows& rows) {
  if (count == 0) return TimesSeen();
  return holds_histograms(chunk.encoding) ? decode_histogram_times(chunk, count, rows)
                                          : decode_xor_times(chunk, count, rows);
}

}  // namespace prombraid::chunk
