/// Decoding in a test that goes on with what comes out.
#pragma once

#include <doctest/doctest.h>

#include "chunk/decode.h"

namespace prombraid::chunk {

/// Fails the test with the decoder's own words.
inline DecodedChunk must_decode(const Chunk& chunk) {
  DecodedChunk out;
  const auto result = decode(chunk, out);
  REQUIRE_MESSAGE(result.has_value(), result.error().what);
  return out;
}

}  // namespace prombraid::chunk
