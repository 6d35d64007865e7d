#include "chunk/part.h"

#include "chunk/decoders.h"
#include "chunk/xor_cursor.h"

namespace prombraid::chunk {

namespace {

struct Given : NoRows {
  explicit Given(const TakeFloat& taken) : take(&taken) {}

  const TakeFloat* take;

  void put(std::size_t, Timestamp t, DoubleBits v, std::size_t) { (*take)(t, v); }
};

}  // namespace

bool is_near(const Chunk& chunk, std::size_t first, const KnownPlaces& places) {
  return chunk.encoding == Encoding::xor_float && (first == 0 || places.begins_at(first));
}

Result<void> read_part(const Chunk& chunk, std::size_t first, std::size_t count,
                       const KnownPlaces& places, const TakeFloat& take) {
  const Result<unsigned> of = count_around(chunk, first, count);
  if (!of) return of.error();
  if (count == 0) return {};
  Given given(take);
  XorCursor cursor(chunk.data);
  std::size_t next = 0;
  if (first > 0) {
    cursor = XorCursor(chunk.data, places.begin->begin);
    take(cursor.state().t, cursor.state().v);
    next = first + 1;
  }
  const std::size_t good = cursor.advance(next, first + count, given);
  if (good < first + count) return unreadable({chunk.encoding, good, *of}, cursor.data_ended());
  return {};
}

}  // namespace prombraid::chunk
