#include "wire/chunk_field.h"

#include <algorithm>

#include "wire/field_reader.h"

namespace prombraid::wire {

namespace {

/// Of longer series the rest is read each time.
constexpr std::size_t most_heads = 256;

/// Takes a tag of one byte and an integer; null where another tag stands there, or nothing whole.
const char* take_varint(char tag, const char* at, const char* end, std::uint64_t& value) {
  if (at == nullptr || at == end || *at != tag) return nullptr;
  return get_varint(at + 1, end, value);
}

/// All before the data, in the order of Prometheus. Null where it is another.
const char* take_head(const char* at, const char* end, Chunk& chunk) {
  std::uint64_t min_time = 0;
  std::uint64_t max_time = 0;
  std::uint64_t encoding = 0;
  at = take_varint(0x08, at, end, min_time);
  at = take_varint(0x10, at, end, max_time);
  at = take_varint(0x18, at, end, encoding);
  if (encoding > 255) return nullptr;
  chunk.min_time = static_cast<Timestamp>(min_time);
  chunk.max_time = static_cast<Timestamp>(max_time);
  chunk.encoding = static_cast<Encoding>(encoding);
  return at;
}

/// The data, behind which nothing comes. False where it is otherwise.
bool take_data(const char* at, const char* end, Chunk& chunk) {
  constexpr std::ptrdiff_t longest = 1 + 5;  // a tag and a length
  std::uint64_t size = 0;
  const char* const begin = take_varint(0x22, at, end, size);
  if (begin == nullptr || begin - at > longest) return false;
  if (size < 2 || size != static_cast<std::uint64_t>(end - begin)) return false;
  chunk.data = {begin, static_cast<std::size_t>(size)};
  return true;
}

}  // namespace

/// A chunk as Prometheus writes each: all four fields, in their order, and nothing else. False
/// where it is another. It takes a third of the time of the loop over fields in any order, without
/// a known head.
bool ChunkField::decode_usual(std::string_view message, std::size_t place, Chunk& chunk) {
  const char* const begin = message.data();
  const char* const end = begin + message.size();
  if (place < heads_.size() && message.size() > Head::size && heads_[place].begins(begin)) {
    const Head& head = heads_[place];
    chunk.min_time = head.min_time;
    chunk.max_time = head.max_time;
    chunk.encoding = head.encoding;
    return take_data(begin + Head::size, end, chunk);
  }
  const char* const behind = take_head(begin, end, chunk);
  if (behind == nullptr) return false;
  if (static_cast<std::size_t>(behind - begin) == Head::size) remember(begin, place, chunk);
  return take_data(behind, end, chunk);
}

void ChunkField::remember(const char* message, std::size_t place, const Chunk& chunk) {
  if (place >= most_heads) return;
  if (place >= heads_.size()) heads_.resize(place + 1);
  Head& head = heads_[place];
  std::copy_n(message, Head::size, head.bytes);
  head.min_time = chunk.min_time;
  head.max_time = chunk.max_time;
  head.encoding = chunk.encoding;
}

Result<void> ChunkField::decode(std::string_view message, std::size_t place, Chunk& chunk) {
  if (decode_usual(message, place, chunk)) [[likely]]
    return {};
  chunk = {};
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
  return {};
}

}  // namespace prombraid::wire
