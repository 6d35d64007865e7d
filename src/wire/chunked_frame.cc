#include "wire/chunked_frame.h"

#include <string>
#include <utility>

#include "wire/field_reader.h"

namespace prombraid::wire {

namespace {

/// Takes a tag of one byte and an integer; null where another tag stands there, or nothing whole.
const char* take_varint(char tag, const char* at, const char* end, std::uint64_t& value) {
  if (at == nullptr || at == end || *at != tag) return nullptr;
  return get_varint(at + 1, end, value);
}

/// A chunk as Prometheus writes each: all four fields, in their order, and nothing else. False
/// where it is another. It takes a third of the time of the loop over fields in any order.
bool decode_usual_chunk(std::string_view message, Chunk& chunk) {
  const char* const end = message.data() + message.size();
  std::uint64_t min_time = 0, max_time = 0, encoding = 0, size = 0;
  const char* at = take_varint(0x08, message.data(), end, min_time);
  at = take_varint(0x10, at, end, max_time);
  at = take_varint(0x18, at, end, encoding);
  const char* const length = at;
  at = take_varint(0x22, at, end, size);
  if (at == nullptr || size < 2 || size != static_cast<std::uint64_t>(end - at)) return false;
  if (encoding > 255 || at - length > 6) return false;  // no length takes more than five bytes
  chunk.min_time = static_cast<Timestamp>(min_time);
  chunk.max_time = static_cast<Timestamp>(max_time);
  chunk.encoding = static_cast<Encoding>(encoding);
  chunk.data = {at, static_cast<std::size_t>(size)};
  return true;
}

Result<Chunk> decode_chunk(std::string_view message) {
  Chunk chunk;
  if (decode_usual_chunk(message, chunk)) [[likely]]
    return chunk;
  FieldReader in(message);
  while (in.next()) {
    switch (in.number()) {
      case 1:
        chunk.min_time = in.int64();
        break;
      case 2:
        chunk.max_time = in.int64();
        break;
      case 3:
        // Numbers above 255 must not turn into known ones; 255 is as unknown as they are.
        chunk.encoding = static_cast<Encoding>(std::min(in.uint32(), 255U));
        break;
      case 4:
        chunk.data = in.bytes();
        break;
    }
  }
  if (!in.ok()) return in.error(ErrorKind::corrupt, "Chunk");
  if (chunk.data.size() < 2) return Error(ErrorKind::corrupt, "Chunk: data without a head");
  return chunk;
}

Error too_many(const char* what, const char* limit, std::size_t value) {
  return Error(ErrorKind::limit, std::string("frame has more ") + what + " than " + limit + " (" +
                                     std::to_string(value) + ")");
}

}  // namespace

Result<void> FrameDecoder::decode_series(std::string_view message, ChunkedSeries& series) {
  labels_.clear();
  series.chunks.clear();
  FieldReader in(message);
  while (in.next()) {
    if (in.number() == 1) {
      if (auto added = labels_.add(in.bytes(), limits_); added.has_error()) return added.error();
    } else if (in.number() == 2) {
      if (series.chunks.size() == limits_.max_chunks) {
        return too_many("chunks", "max_chunks", limits_.max_chunks);
      }
      auto chunk = decode_chunk(in.bytes());
      if (chunk.has_error()) return chunk.error();
      series.chunks.push_back(*chunk);
    }
  }
  if (!in.ok()) return in.error(ErrorKind::corrupt, "ChunkedSeries");
  auto built = labels_.build();
  if (built.has_error()) return built.error();
  series.labels = *std::move(built);
  return {};
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
