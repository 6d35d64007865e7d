/// What all histograms of a chunk share, written once with the first of them.
#pragma once

#include <cstddef>

#include "chunk/bit_reader.h"
#include "chunk/bit_writer.h"
#include "series/sample.h"

namespace prombraid::chunk {

/// A native histogram whose bounds are listed, not computed.
inline constexpr std::int32_t custom_bounds_schema = -53;

/// Fills schema, zero threshold, spans and custom values of `h` (Prometheus tsdb/chunkenc,
/// histogram_meta.go). Null where all is well, else what is wrong. Reserves nothing that the bits
/// left could not fill: a span takes two bits or more, a custom bound five.
const char* read_layout(BitReader& in, Histogram& h);

void write_layout(const Histogram& h, BitWriter& out);

/// The buckets that `spans` claim.
std::size_t bucket_count(const std::vector<BucketSpan>& spans);

}  // namespace prombraid::chunk
