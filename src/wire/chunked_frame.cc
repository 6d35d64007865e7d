#include "wire/chunked_frame.h"

#include <string>

#include "wire/field_reader.h"
#include "wire/labels_field.h"

namespace prombraid::wire {

namespace {

Result<Chunk> decode_chunk(std::string_view message) {
  Chunk chunk;
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

/// How many fields of `number` come in `message`, up to where it is malformed.
std::size_t count_fields(std::string_view message, std::uint32_t number) {
  std::size_t count = 0;
  for (FieldReader in(message); in.next();) count += in.number() == number ? 1 : 0;
  return count;
}

Result<ChunkedSeries> decode_series(std::string_view message, const SeriesLimits& limits,
                                    LabelsField& labels) {
  const std::size_t chunk_count = count_fields(message, 2);
  if (chunk_count > limits.max_chunks) return too_many("chunks", "max_chunks", limits.max_chunks);
  ChunkedSeries series;
  series.chunks.reserve(chunk_count);
  labels.clear();
  FieldReader in(message);
  while (in.next()) {
    if (in.number() == 1) {
      if (auto added = labels.add(in.bytes(), limits); added.has_error()) return added.error();
    } else if (in.number() == 2) {
      auto chunk = decode_chunk(in.bytes());
      if (chunk.has_error()) return chunk.error();
      series.chunks.push_back(*chunk);
    }
  }
  if (!in.ok()) return in.error(ErrorKind::corrupt, "ChunkedSeries");
  auto built = labels.build();
  if (built.has_error()) return built.error();
  series.labels = *std::move(built);
  return series;
}

}  // namespace

Result<ChunkedFrame> decode_chunked_frame(std::string_view message, const SeriesLimits& limits) {
  ChunkedFrame frame;
  LabelsField labels;
  FieldReader in(message);
  while (in.next()) {
    if (in.number() == 1) {
      if (frame.series.size() == limits.max_series_per_frame) {
        return too_many("series", "max_series_per_frame", limits.max_series_per_frame);
      }
      auto series = decode_series(in.bytes(), limits, labels);
      if (series.has_error()) return std::move(series).error().in("frame");
      frame.series.push_back(*std::move(series));
    } else if (in.number() == 2) {
      frame.query_index = in.int64();
    }
  }
  if (!in.ok()) return in.error(ErrorKind::corrupt, "frame: ChunkedReadResponse");
  if (frame.query_index < 0) return Error(ErrorKind::corrupt, "frame: a negative query_index");
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
