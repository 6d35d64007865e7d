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

std::size_t message_size(std::int64_t query_index, std::size_t series) {
  return bytes_field_size(1, series) +
         varint_field_size(2, static_cast<std::uint64_t>(query_index));
}

/// All of the chunk but its data.
void write_chunk_head(FieldWriter& out, const Chunk& chunk) {
  out.head(2, chunk_size(chunk));
  out.int64(1, chunk.min_time);
  out.int64(2, chunk.max_time);
  out.varint(3, static_cast<std::uint64_t>(chunk.encoding));
  if (!chunk.data.empty()) out.head(4, chunk.data.size());
}

bool is_borrowed(const Chunk& chunk) {
  return chunk.data.size() >= FrameWriter::borrow_from;
}

std::size_t borrowed_bytes(std::span<const Chunk> chunks) {
  std::size_t bytes = 0;
  for (const Chunk& chunk : chunks) bytes += is_borrowed(chunk) ? chunk.data.size() : 0;
  return bytes;
}

void put_big_endian(char* to, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) *to++ = static_cast<char>(value >> shift);
}

}  // namespace

std::size_t chunked_message_size(std::int64_t query_index, const Labels& labels,
                                 std::span<const Chunk> chunks) {
  return message_size(query_index, series_size(labels, chunks));
}

std::span<const std::string_view> FrameWriter::write(std::int64_t query_index, const Labels& labels,
                                                     std::span<const Chunk> chunks) {
  const std::size_t series = series_size(labels, chunks);
  const std::size_t message = message_size(query_index, series);
  const std::size_t head = varint_size(message) + 4;
  frame_bytes_ = head + message;
  parts_.clear();
  own_.clear();
  char* const begin = own_.room(frame_bytes_ - borrowed_bytes(chunks));
  char* part = begin;  // where the part that is being written begins
  const auto end_part = [&](char* end) {
    if (end != part) parts_.emplace_back(part, static_cast<std::size_t>(end - part));
    part = end;
  };

  char* const checksum = put_varint(begin, message);
  FieldWriter out(checksum + 4);
  out.head(1, series);
  write_labels_field(out, labels);
  for (const Chunk& chunk : chunks) {
    write_chunk_head(out, chunk);
    if (is_borrowed(chunk)) {
      end_part(out.end());
      parts_.push_back(chunk.data);
    } else {
      out.raw(chunk.data);
    }
  }
  out.int64(2, query_index);
  end_part(out.end());
  own_.taken(out.end());

  std::uint32_t crc = crc32c(parts_.front().substr(head));
  for (std::size_t i = 1; i < parts_.size(); ++i) crc = crc32c(parts_[i], crc);
  put_big_endian(checksum, crc);
  return parts_;
}

}  // namespace prombraid::wire
