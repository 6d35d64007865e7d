#include "wire/chunked_frame.h"

#include <string>
#include <utility>

#include "wire/field_reader.h"

namespace prombraid::wire {

namespace {

Error too_many(const char* what, const char* limit, std::size_t value) {
  return Error(ErrorKind::limit, std::string("frame has more ") + what + " than " + limit + " (" +
                                     std::to_string(value) + ")");
}

}  // namespace

Result<void> FrameDecoder::decode_series(std::string_view message, ChunkedSeries& series) {
  series.chunks.clear();
  FieldReader in(message.substr(labels_.begin(message)));
  while (in.next()) {
    if (in.number() == 1) {
      if (auto added = labels_.add(in.bytes()); added.has_error()) return added.error();
    } else if (in.number() == 2) {
      if (series.chunks.size() == limits_.max_chunks) {
        return too_many("chunks", "max_chunks", limits_.max_chunks);
      }
      const std::size_t place = series.chunks.size();
      auto decoded = chunk_.decode(in.bytes(), place, series.chunks.emplace_back());
      if (decoded.has_error()) return decoded.error();
    }
  }
  if (!in.ok()) return in.error(ErrorKind::corrupt, "ChunkedSeries");
  return labels_.build(series.labels);
}

Result<void> FrameDecoder::decode(std::string_view message, ChunkedFrame& frame) {
  frame.query_index = 0;
  std::size_t count = 0;
  FieldReader in(message);
  while (in.next()) {
    if (in.number() == 1) {
      if (count == limits_.max_series_per_frame) {
        return too_many("series", "max_series_per_frame", limits_.max_series_per_frame);
      }
      if (count == frame.series.size()) frame.series.emplace_back();
      auto series = decode_series(in.bytes(), frame.series[count++]);
      if (series.has_error()) return std::move(series).error().in("frame");
    } else if (in.number() == 2) {
      frame.query_index = in.int64();
    }
  }
  frame.series.resize(count);
  if (!in.ok()) return in.error(ErrorKind::corrupt, "frame: ChunkedReadResponse");
  if (frame.query_index < 0) return Error(ErrorKind::corrupt, "frame: a negative query_index");
  return {};
}

Result<ChunkedFrame> decode_chunked_frame(std::string_view message, const SeriesLimits& limits) {
  ChunkedFrame frame;
  if (auto decoded = FrameDecoder(limits).decode(message, frame); decoded.has_error()) {
    return decoded.error();
  }
  return frame;
}

Strand copy_to_strand(ChunkedSeries&& series) {
  std::size_t bytes = 0;
  for (const Chunk& chunk : series.chunks) bytes += chunk.data.size();
  Strand strand;
  strand.labels = std::move(series.labels);
  strand.chunks = std::move(series.chunks);
  std::vector<char>& buffer = strand.buffers.emplace_back();
  buffer.reserve(bytes);
  for (Chunk& chunk : strand.chunks) {
    const std::size_t begin = buffer.size();
    buffer.insert(buffer.end(), chunk.data.begin(), chunk.data.end());
    chunk.data = {buffer.data() + begin, chunk.data.size()};
  }
  return strand;
}

}  // namespace prombraid::wire
