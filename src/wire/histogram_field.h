/// prompb.Histogram, as a SAMPLES answer carries it.
#pragma once

#include <string_view>

#include "base/error.h"
#include "series/sample.h"
#include "wire/bytes.h"

namespace prombraid::wire {

/// Decodes a Histogram message into `out`, whose capacity is used again. A histogram with
/// `count_float` is a float one and its counts are read; any other is an integer one and its deltas
/// are read, as Prometheus does (prompb/codec.go, IsFloatHistogram).
/// Error: corrupt; also where spans and buckets do not agree in number, a span but the first of its
/// side has a negative offset, or a reset hint is none of the four.
Result<void> decode_histogram(std::string_view message, HistogramSample& out);

/// Appends field `number` with the histogram, byte for byte as Prometheus writes it, save that a
/// double of -0 is kept.
void append_histogram(Bytes& out, std::uint32_t number, Timestamp t, const Histogram& histogram);

}  // namespace prombraid::wire
