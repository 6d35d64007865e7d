#include "wire/frame_writer.h"

#include "wire/crc32c.h"
#include "wire/field_writer.h"
#include "wire/labels_field.h"

namespace prombraid::wire {

namespace {

std::size_t chunk_size(const Chunk& chunk) {
  return varint_field_size(1, static_cast<std::uint64_t>(chunk.min_time)) +
         varint_field_size(2, static_cast<std::uint64_t>(chunk.max_time)) +
         varint_field_size(3, static_cast<std::uint64_t>(chunk.encoding)) +
         (chunk.data.empty() ? 0 : bytes_field_size(4, chunk.data.size()));
}

std::size_t series_size(const Labels& labels, std::span<const Chunk> chunks) {
  std::size_t size = labels_field_size(labels);
  for (const Chunk& chunk : chunks) size += bytes_field_size(2, chunk_size(chunk));
  return size;
}

void write_chunk(FieldWriter& out, const Chunk& chunk) {
  out.head(2, chunk_size(chunk));
  out.int64(1, chunk.min_time);
  out.int64(2, chunk.max_time);
  out.varint(3, static_cast<std::uint64_t>(chunk.encoding));
  if (!chunk.data.empty()) out.bytes(4, chunk.data);
}

void put_big_endian(char* to, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) *to++ = static_cast<char>(value >> shift);
}

}  // namespace

FrameSize::FrameSize(std::int64_t query_index, const Labels& labels, std::span<const Chunk> chunks)
    : series(series_size(labels, chunks)),
      message(bytes_field_size(1, series) +
              varint_field_size(2, static_cast<std::uint64_t>(query_index))),
      frame(varint_size(message) + 4 + message) {}

void append_frame(std::int64_t query_index, const Labels& labels, std::span<const Chunk> chunks,
                  const FrameSize& size, Bytes& bytes) {
  char* const checksum = put_varint(bytes.room(size.frame), size.message);
  char* const message = checksum + 4;
  FieldWriter out(message);
  out.head(1, size.series);
  write_labels_field(out, labels);
  for (const Chunk& chunk : chunks) write_chunk(out, chunk);
  out.int64(2, query_index);
  put_big_endian(checksum, crc32c({message, size.message}));
  bytes.taken(out.end());
}

}  // namespace prombraid::wire
