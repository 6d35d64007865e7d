#include "merge/emit.h"

#include <algorithm>
#include <iterator>

#include "chunk/decode.h"
#include "chunk/float_encoder.h"
#include "chunk/histogram_encoder.h"
#include "chunk/part.h"
#include "chunk/slice.h"

namespace prombraid::merge {
namespace {

const Chunk& chunk_of(std::span<const Strand* const> strands, const Piece& piece) {
  return strands[piece.strand]->chunks[piece.chunk];
}

/// The first two bits of a histogram chunk's third byte say what kind of counter it is; `10` claims
/// a reset (Prometheus tsdb/chunkenc/histogram.go, CounterResetHeader).
constexpr std::size_t reset_byte = 2;
constexpr unsigned reset_bits = 0xc0;
constexpr unsigned claims_reset = 0x80;

bool claims_a_reset(const Chunk& chunk) {
  return chunk::holds_histograms(chunk.encoding) && chunk.data.size() > reset_byte &&
         (static_cast<unsigned char>(chunk.data[reset_byte]) & reset_bits) == claims_reset;
}

/// Decodes the chunk of a piece unless it was the last one of its strand: where replicas take
/// turns, pieces of few chunks follow each other many times.
class Reader {
 public:
  explicit Reader(std::span<const Strand* const> strands) : strands_(strands) {}

  /// Valid until the next read of that strand.
  Result<const chunk::DecodedChunk*> read(const Piece& piece) {
    const Chunk& wanted = chunk_of(strands_, piece);
    if (held_.empty()) held_.resize(strands_.size());  // most series need none
    Held& held = held_[piece.strand];
    if (held.chunk != &wanted) {
      held.chunk = nullptr;
      if (auto done = chunk::decode(wanted, held.decoded); !done) return std::move(done).error();
      held.chunk = &wanted;
    }
    if (held.decoded.size() < std::size_t{piece.first} + piece.count) {
      return Error{ErrorKind::internal, "a piece reaches beyond its chunk"};
    }
    return &held.decoded;
  }

 private:
  struct Held {
    const Chunk* chunk = nullptr;
    chunk::DecodedChunk decoded;
  };

  std::span<const Strand* const> strands_;
  std::vector<Held> held_;
};

/// Parts shorter than this are encoded together with their neighbours: sliced, each would be a
/// chunk of its own with a head as long as its samples. Longer ones are cheaper to slice.
constexpr std::uint32_t small_part = 16;

bool is_small(const Piece& piece) {
  return !piece.whole && piece.count < small_part;
}

class ChunkWriter {
 public:
  ChunkWriter(std::span<const Strand* const> strands, ChunkRow& out)
      : strands_(strands), reader_(strands), out_(out) {}

  Result<void> write(std::span<const Piece> pieces) {
    for (std::size_t i = 0; i < pieces.size();) {
      std::size_t parts = 0;
      while (i + parts < pieces.size() && is_small(pieces[i + parts])) ++parts;
      const bool seam = i > 0 && pieces[i].strand != pieces[i - 1].strand;
      Result<void> done;
      if (pieces[i].whole) {
        done = pass(pieces[i], seam);
      } else if (parts <= 1) {
        done = slice(pieces[i], seam);
      } else {
        done = encode(pieces.subspan(i, parts), seam);
      }
      if (!done) return done;
      i += std::max<std::size_t>(parts, 1);
    }
    return {};
  }

 private:
  Result<void> pass(const Piece& piece, bool seam) {
    const Chunk& chunk = chunk_of(strands_, piece);
    if (!chunk::every_client_reads(chunk.encoding) || (seam && claims_a_reset(chunk))) {
      return encode({&piece, 1}, seam);
    }
    out_.chunks.push_back({piece.min_time, piece.max_time, chunk.encoding, chunk.data});
    ++out_.passed;
    return {};
  }

  Result<void> slice(const Piece& piece, bool seam) {
    const Chunk& chunk = chunk_of(strands_, piece);
    if (seam && piece.first == 0 && claims_a_reset(chunk)) return encode({&piece, 1}, seam);
    const std::size_t before = out_.owned.size();
    auto done = chunk::slice(chunk, piece.first, piece.count, out_.owned, piece.places);
    if (!done) return done;
    for (std::size_t i = before; i < out_.owned.size(); ++i) {
      out_.chunks.push_back(out_.owned[i].chunk);
    }
    return {};
  }

  Result<void> encode(std::span<const Piece> pieces, bool seam) {
    for (std::size_t p = 0; p < pieces.size(); ++p) {
      const Piece& piece = pieces[p];
      if (p > 0) seam = piece.strand != pieces[p - 1].strand;
      const Chunk& chunk = chunk_of(strands_, piece);
      if (chunk::is_near(chunk, piece.first, piece.places)) {
        const auto take = [this](Timestamp t, DoubleBits v) { append_float(t, v); };
        auto done = chunk::read_part(chunk, piece.first, piece.count, piece.places, take);
        if (!done) return done;
        continue;
      }
      const auto read = reader_.read(piece);
      if (!read) return read.error();
      for (std::size_t i = piece.first; i < std::size_t{piece.first} + piece.count; ++i) {
        append(**read, i, seam && i == piece.first);
      }
    }
    flush_floats();
    flush_histograms();
    return {};
  }

  void append(const chunk::DecodedChunk& from, std::size_t i, bool seam) {
    if (from.is_histogram()) {
      append_histogram(from.times[i], from.histograms[i], seam);
      return;
    }
    append_float(from.times[i], from.values[i]);
  }

  void append_float(Timestamp t, DoubleBits v) {
    flush_histograms();
    if (floats_.size() == chunk::usual_chunk_samples) flush_floats();
    floats_.append(t, v);
  }

  void append_histogram(Timestamp t, const Histogram& h, bool seam) {
    flush_floats();
    // Within one chunk a reader takes every sample but the first for "not reset". So a new strand
    // begins a new chunk, unless both are gauges, which promise nothing.
    const bool gauge = h.reset_hint == ResetHint::gauge;
    if ((seam && !gauge) || histograms_.size() == chunk::usual_chunk_samples ||
        !histograms_.fits(h)) {
      flush_histograms();
    }
    if (!seam || gauge) {
      histograms_.append(t, h);
      return;
    }
    Histogram first = h;
    first.reset_hint = ResetHint::unknown;
    histograms_.append(t, first);
  }

  void flush_floats() {
    if (!floats_.empty()) keep(floats_.finish());
  }
  void flush_histograms() {
    if (!histograms_.empty()) keep(histograms_.finish());
  }
  void keep(chunk::EncodedChunk&& encoded) {
    out_.chunks.push_back(encoded.chunk);
    out_.owned.push_back(std::move(encoded));
  }

  std::span<const Strand* const> strands_;
  Reader reader_;
  ChunkRow& out_;
  chunk::FloatEncoder floats_;
  chunk::HistogramEncoder histograms_;
};

/// A claim of a reset is made about the sample before, and only a chunk's own head can carry it
/// honestly: in a SAMPLES answer a server says "unknown" there too, since 3.1 (tsdb/chunkenc,
/// histogram_meta.go, counterResetHint).
void give_histograms(const chunk::DecodedChunk& from, const Piece& piece, bool seam,
                     SampleSink& sink) {
  for (std::size_t i = piece.first; i < std::size_t{piece.first} + piece.count; ++i) {
    const Histogram& h = from.histograms[i];
    const bool at_seam = seam && i == piece.first && h.reset_hint != ResetHint::gauge;
    if (!at_seam && h.reset_hint != ResetHint::reset) {
      sink.histogram(from.times[i], h);
      continue;
    }
    Histogram first = h;
    first.reset_hint = ResetHint::unknown;
    sink.histogram(from.times[i], first);
  }
}

}  // namespace

void ChunkRow::clear() {
  chunks.clear();
  owned.clear();
  passed = 0;
}

Result<void> emit_chunks(std::span<const Strand* const> strands, std::span<const Piece> pieces,
                         ChunkRow& out) {
  return ChunkWriter(strands, out).write(pieces);
}

Result<void> emit_samples(std::span<const Strand* const> strands, std::span<const Piece> pieces,
                          SampleSink& sink) {
  Reader reader(strands);
  for (std::size_t p = 0; p < pieces.size(); ++p) {
    const Piece& piece = pieces[p];
    const auto read = reader.read(piece);
    if (!read) return read.error();
    const chunk::DecodedChunk& from = **read;
    // The samples before the first piece, where there are any, are not in the answer.
    const bool seam = p > 0 && piece.strand != pieces[p - 1].strand;
    if (from.is_histogram()) {
      give_histograms(from, piece, seam || p == 0, sink);
    } else {
      sink.floats(std::span(from.times).subspan(piece.first, piece.count),
                  std::span(from.values).subspan(piece.first, piece.count));
    }
  }
  return {};
}

}  // namespace prombraid::merge
