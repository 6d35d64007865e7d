#include "wire/snappy_block.h"

#include <string>

#include <snappy.h>

#include "wire/varint.h"

namespace prombraid::wire {

namespace {

// One buffer of the answer: large enough that a gathered write of 64 of them moves 16 MiB, small
// enough that growing it copies little.
constexpr std::size_t buffer_bytes = 256 << 10;

}  // namespace

Result<Bytes> uncompress_block(std::string_view block, std::size_t max_bytes,
                               const char* limit_name, ErrorKind malformed) {
  std::size_t length = 0;
  if (!snappy::GetUncompressedLength(block.data(), block.size(), &length)) {
    return Error(malformed, "not a snappy block: no length");
  }
  if (length > max_bytes) {
    return Error(ErrorKind::limit, "snappy block of " + std::to_string(length) +
                                       " bytes is longer than " + limit_name + " (" +
                                       std::to_string(max_bytes) + ")");
  }
  if (length > 22 * block.size() + 64) {
    return Error(malformed, "not a snappy block: " + std::to_string(block.size()) +
                                " bytes cannot hold " + std::to_string(length));
  }
  Bytes out;
  char* to = out.room(length + 1);  // never null, for an empty block too
  if (!snappy::RawUncompress(block.data(), block.size(), to)) {
    return Error(malformed, "not a snappy block: it does not uncompress");
  }
  out.taken(to + length);
  return out;
}

SnappyBlockWriter::SnappyBlockWriter() : buffers_(2) {}  // the first is for the length

void SnappyBlockWriter::write(std::string_view bytes) {
  uncompressed_ += bytes.size();
  while (!bytes.empty()) {
    const std::size_t part = std::min(bytes.size(), fragment_bytes - pending_.size());
    pending_.append(bytes.substr(0, part));
    bytes.remove_prefix(part);
    if (pending_.size() == fragment_bytes) compress_pending();
  }
}

void SnappyBlockWriter::compress_pending() {
  if (pending_.empty()) return;
  scratch_.clear();
  char* to = scratch_.room(snappy::MaxCompressedLength(fragment_bytes));
  std::size_t length = 0;
  snappy::RawCompress(pending_.data(), pending_.size(), to, &length);
  const std::size_t head = varint_size(pending_.size());  // the fragment's length as a block
  append({to + head, length - head});
  pending_.clear();
}

void SnappyBlockWriter::append(std::string_view compressed) {
  if (buffers_.back().size() + compressed.size() > buffer_bytes) {
    // An answer that has filled one buffer will want the next whole: grown bit by bit, its bytes
    // would be copied, and its pages taken from the kernel, twice.
    buffers_.emplace_back().reserve(buffer_bytes);
  }
  buffers_.back() += compressed;
  compressed_ += compressed.size();
}

std::size_t SnappyBlockWriter::open_gap() {
  compress_pending();
  buffers_.emplace_back();
  buffers_.emplace_back();
  return buffers_.size() - 2;
}

void SnappyBlockWriter::fill_gap(std::size_t gap, std::string_view bytes) {
  uncompressed_ += bytes.size();
  compressed_ += bytes.size() + 1;
  std::string& buffer = buffers_[gap];
  buffer += static_cast<char>((bytes.size() - 1) << 2);  // a literal's tag
  buffer += bytes;
}

std::size_t SnappyBlockWriter::bytes() const {
  // Buffers grow by doubling, so the last may hold twice what it shows.
  return compressed_ + buffers_.back().capacity() + buffers_.capacity() * sizeof(std::string) +
         pending_.capacity() + scratch_.capacity();
}

BufferList SnappyBlockWriter::finish() {
  compress_pending();
  char length[max_varint_bytes];
  buffers_.front().assign(length, put_varint(length, uncompressed_));
  BufferList out;
  for (std::string& buffer : buffers_) {
    if (buffer.empty()) continue;
    out.bytes += buffer.size();
    out.buffers.push_back(std::move(buffer));
  }
  return out;
}

}  // namespace prombraid::wire
