/// A few samples of an XOR chunk, without all that are before or behind them.
#pragma once

#include <cstddef>
#include <functional>

#include "base/error.h"
#include "chunk/cut_place.h"
#include "series/chunk.h"
#include "series/sample.h"

namespace prombraid::chunk {

/// True where the way to sample `first` is short: an XOR chunk that it is the first of, or where
/// `places` knows where it begins.
bool is_near(const Chunk& chunk, std::size_t first, const KnownPlaces& places);

using TakeFloat = std::function<void(Timestamp, DoubleBits)>;

/// Gives the samples [first, first + count) one by one, where `first` is near. What is behind them
/// is not looked at. Fails as `decode` does, with the samples before the bad one given.
Result<void> read_part(const Chunk& chunk, std::size_t first, std::size_t count,
                       const KnownPlaces& places, const TakeFloat& take);

}  // namespace prombraid::chunk
