#include "chunk/slice.h"

#include <algorithm>

#include "chunk/decoders.h"
#include "chunk/float_encoder.h"
#include "chunk/histogram_encoder.h"
#include "chunk/xor_cursor.h"

namespace prombraid::chunk {

namespace {

bool is_xor(Encoding encoding) {
  return encoding == Encoding::unknown || encoding == Encoding::xor_float;
}

/// A run of a chunk's samples: where it is known to be, or where the cursor found it.
struct XorCut {
  const XorState* first = nullptr;   ///< after the first sample of the run
  const XorState* second = nullptr;  ///< after the second, or the first where there is no second
  std::size_t end = 0;               ///< of the last sample, in bits
  Timestamp last = 0;                ///< and its time
  XorState found[2];

  XorWindow window() const { return {64 - second->width - second->trailing, second->trailing}; }
};

/// Walks to what is not known.
Result<void> find(const Chunk& chunk, std::size_t first, std::size_t count, std::size_t of,
                  const KnownPlaces& places, XorCut& cut) {
  XorCursor at(chunk.data);
  NoRows rows;
  std::size_t done = 0;
  const auto walk_to = [&](std::size_t stop) {
    done = at.advance(done, stop, rows);
    return done == stop;
  };
  const auto walk_and_keep = [&](std::size_t stop, XorState& found) {
    const bool good = walk_to(stop);
    found = at.state();
    return good;
  };
  const bool begin_known = places.begins_at(first);
  const bool end_known = places.knows_end();
  bool good = true;
  if (begin_known && end_known) {
    cut.first = &places.begin->begin;
    cut.second = count == 1 ? cut.first : &places.begin->second;
  } else {
    good = walk_and_keep(first + 1, cut.found[0]) &&
           walk_and_keep(first + std::min<std::size_t>(count, 2), cut.found[1]);
    cut.first = &cut.found[0];
    cut.second = &cut.found[1];
  }
  if (end_known) {
    cut.end = *places.end;
    cut.last = places.last;
  } else {
    good = good && walk_to(first + count);
    cut.end = at.state().at;
    cut.last = at.state().t;
  }
  if (!good) return unreadable({chunk.encoding, done, of}, at.data_ended());
  if (cut.end < cut.second->at || cut.end > chunk.data.size() * 8) {
    return Error(ErrorKind::internal, "a slice that is known to end before it begins");
  }
  return {};
}

/// The second sample as sample 1 of a chunk. Later samples may reuse the window of significant bits
/// as it was in the source, so it is stated here, even around a value that did not change. Only the
/// window that every reader begins with need not be.
void write_second(const XorCut& cut, bool last, BitWriter& out) {
  const std::uint64_t diff = cut.second->v ^ cut.first->v;
  const XorWindow window = cut.window();
  write_uvarint(cut.second->delta, out);
  XorWriter value;
  if (last || (diff == 0 && window == XorWindow())) {
    value.write(diff, out);
  } else {
    value.write_window(window, diff, out);
  }
}

/// The first two samples of a slice and what is filled up behind the last, in bytes.
constexpr std::size_t longest_start = 2 + 10 + 8 + 10 + 2 + 8 + 16;

Result<void> slice_xor(const Chunk& chunk, std::size_t first, std::size_t count, std::size_t of,
                       const KnownPlaces& places, std::vector<EncodedChunk>& out) {
  XorCut cut;
  if (auto found = find(chunk, first, count, of, places, cut); !found) return found;
  BitWriter bits;
  if (first == 0) {
    bits.reserve(cut.end / 8 + 8);
    bits.append(chunk.data, 0, cut.end);
  } else {
    bits.reserve((cut.end - cut.second->at) / 8 + longest_start);
    bits.write(0, 16);
    write_varint(cut.first->t, bits);
    bits.write(cut.first->v, 64);
    if (count > 1) write_second(cut, count == 2, bits);
    bits.append(chunk.data, cut.second->at, cut.end);
  }
  out.push_back(seal(bits, count, {cut.first->t, cut.last, Encoding::xor_float, {}}));
  return {};
}

void encode_histograms(const DecodedChunk& samples, std::size_t first, std::size_t count,
                       std::vector<EncodedChunk>& out) {
  HistogramEncoder encoder;
  for (std::size_t i = first; i < first + count; ++i) {
    if (!encoder.fits(samples.histograms[i])) out.push_back(encoder.finish());
    encoder.append(samples.times[i], samples.histograms[i]);
  }
  out.push_back(encoder.finish());
}

/// From the chunk's begin on nothing needs to be encoded anew.
Result<void> copy_begin(const Chunk& chunk, std::size_t count, const KnownPlaces& places,
                        std::vector<EncodedChunk>& out) {
  if (*places.end > chunk.data.size() * 8) {
    return Error(ErrorKind::internal, "a slice that is known to end behind its chunk");
  }
  BitWriter bits;
  bits.reserve(*places.end / 8 + 8);
  bits.append(chunk.data, 0, *places.end);
  out.push_back(seal(bits, count, {places.first, places.last, chunk.encoding, {}}));
  return {};
}

/// Without a decoded chunk between: each of its histograms would be some allocations.
Result<void> slice_histograms(const Chunk& chunk, std::size_t first, std::size_t count, unsigned of,
                              std::vector<EncodedChunk>& out) {
  HistogramEncoder encoder;
  std::vector<EncodedChunk> made;
  auto done =
      decode_histograms(chunk, of, first, first + count, [&](Timestamp t, const Histogram& h) {
        if (!encoder.fits(h)) made.push_back(encoder.finish());
        encoder.append(t, h);
      });
  if (!done) return done;
  made.push_back(encoder.finish());
  for (EncodedChunk& one : made) out.push_back(std::move(one));
  return {};
}

}  // namespace

void encode(const DecodedChunk& samples, std::size_t first, std::size_t count,
            std::vector<EncodedChunk>& out) {
  if (count == 0) return;
  if (samples.is_histogram()) return encode_histograms(samples, first, count, out);
  FloatEncoder encoder;
  for (std::size_t i = first; i < first + count; ++i) {
    if (encoder.size() == max_chunk_samples) out.push_back(encoder.finish());
    encoder.append(samples.times[i], samples.values[i]);
  }
  out.push_back(encoder.finish());
}

Result<void> slice(const Chunk& chunk, std::size_t first, std::size_t count,
                   std::vector<EncodedChunk>& out, const KnownPlaces& places) {
  const Result<unsigned> of = count_around(chunk, first, count);
  if (!of) return of.error();
  if (count == 0) return {};
  if (is_xor(chunk.encoding)) return slice_xor(chunk, first, count, *of, places, out);
  if (first == 0 && places.knows_end() && every_client_reads(chunk.encoding)) {
    return copy_begin(chunk, count, places, out);
  }
  if (holds_histograms(chunk.encoding)) return slice_histograms(chunk, first, count, *of, out);
  DecodedChunk samples;
  if (auto decoded = decode(chunk, samples); !decoded) return decoded;
  encode(samples, first, count, out);
  return {};
}

bool every_client_reads(Encoding encoding) {
  return encoding == Encoding::xor_float || encoding == Encoding::histogram ||
         encoding == Encoding::float_histogram;
}

Result<void> convert(const Chunk& chunk, std::vector<EncodedChunk>& out) {
  const Result<unsigned> count = sample_count(chunk);
  if (!count) return count.error();
  return slice(chunk, 0, *count, out);
}

}  // namespace prombraid::chunk
