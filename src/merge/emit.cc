#include "merge/emit.h"

#include <algorithm>
#include <iterator>

#include "chunk/decode.h"
#include "chunk/float_encoder.h"
#include "chunk/histogram_encoder.h"
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

/// Decodes the chunk of a piece unless it was the last one decoded: pieces of one chunk follow each
/// other, or nearly so.
class Reader {
 public:
  explicit Reader(std::span<const Strand* const> strands) : strands_(strands) {}

  Result<void> read(const Piece& piece) {
    const Chunk& wanted = chunk_of(strands_, piece);
    if (&wanted == held_) return {};
    held_ = nullptr;
    if (auto done = chunk::decode(wanted, decoded_); !done) return done;
    if (decoded_.size() < std::size_t{piece.first} + piece.count) {
      return Error{ErrorKind::internal, "a piece reaches beyond its chunk"};
    }
    held_ = &wanted;
    return {};
  }

  const chunk::DecodedChunk& decoded() const { return decoded_; }

 private:
  std::span<const Strand* const> strands_;
  const Chunk* held_ = nullptr;
  chunk::DecodedChunk decoded_;
};

class ChunkWriter {
 public:
  ChunkWriter(std::span<const Strand* const> strands, ChunkRow& out)
      : strands_(strands), reader_(strands), out_(out) {}

  Result<void> write(std::span<const Piece> pieces) {
    for (std::size_t i = 0; i < pieces.size();) {
      std::size_t parts = 0;
      while (i + parts < pieces.size() && !pieces[i + parts].whole) ++parts;
      const bool seam = i > 0 && pieces[i].strand != pieces[i - 1].strand;
      Result<void> done;
      if (parts == 0) {
        done = pass(pieces[i], seam);
      } else if (parts == 1) {
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
    if (auto done = chunk::slice(chunk, piece.first, piece.count, out_.owned); !done) return done;
    for (std::size_t i = before; i < out_.owned.size(); ++i) {
      out_.chunks.push_back(out_.owned[i].chunk);
    }
    return {};
  }

  Result<void> encode(std::span<const Piece> pieces, bool seam) {
    for (std::size_t p = 0; p < pieces.size(); ++p) {
      const Piece& piece = pieces[p];
      if (auto done = reader_.read(piece); !done) return done;
      if (p > 0) seam = piece.strand != pieces[p - 1].strand;
      for (std::size_t i = piece.first; i < std::size_t{piece.first} + piece.count; ++i) {
        append(reader_.decoded(), i, seam && i == piece.first);
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
    flush_histograms();
    if (floats_.size() == chunk::usual_chunk_samples) flush_floats();
    floats_.append(from.times[i], from.values[i]);
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

void give_histograms(const chunk::DecodedChunk& from, const Piece& piece, bool seam,
                     SampleSink& sink) {
  for (std::size_t i = piece.first; i < std::size_t{piece.first} + piece.count; ++i) {
    const Histogram& h = from.histograms[i];
    if (!seam || i != piece.first || h.reset_hint == ResetHint::gauge) {
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
    if (auto done = reader.read(piece); !done) return done;
    const auto& from = reader.decoded();
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
