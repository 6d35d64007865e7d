#include "chunk/part.h"

#include "chunk/decoders.h"
#include "chunk/xor_cursor.h"

namespace prombraid::chunk {

namespace {

bool begins_at(const KnownPlaces& places, std::size_t first) {
  return places.begin != nullptr && places.begin->first == first;
}

struct Given : NoRows {
  explicit Given(const TakeFloat& taken) : take(&taken) {}

  const TakeFloat* take;

  void put(std::size_t, Timestamp t, DoubleBits v, std::size_t) { (*take)(t, v); }
};

}  // namespace

bool is_near(const Chunk& chunk, std::size_t first, const KnownPlaces& places) {
  return chunk.encoding == Encoding::xor_float && (first == 0 || begins_at(places, first));
}

Result<void> read_part(const Chunk& chunk, std::size_t first, std::size_t count,
                       const KnownPlaces& places, const TakeFloat& take) {
  const Result<unsigned> of = sample_count(chunk);
  if (!of) return of.error();
  if (count > *of || first > *of - count) {
    return Error(ErrorKind::internal, "a part that reaches beyond its chunk");
  }
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
