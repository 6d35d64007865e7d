/// Replicas out of any bytes. The first byte chooses: moments for the rule, compared with its
/// oracle, or whole strands with any chunks and heads, whose answer must be in order.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include "../merge/oracle.h"
#include "chunk/decode.h"
#include "merge/braid.h"
#include "merge/emit.h"
#include "merge/series_merger.h"

using namespace prombraid;
using namespace prombraid::merge;

namespace {

using Bytes = std::span<const std::uint8_t>;

std::uint8_t next(Bytes& bytes) {
  if (bytes.empty()) return 0;
  const std::uint8_t byte = bytes.front();
  bytes = bytes.subspan(1);
  return byte;
}

/// All, nothing or some of it.
Timestamp any_time(std::uint8_t byte) {
  if (byte % 4 == 0) return last_time;
  return byte % 4 == 1 ? first_time : byte * 16;
}

void compare_with_oracle(Bytes bytes) {
  const Timestamp known_until = any_time(bytes.empty() ? 0 : bytes.back());
  const Span interval = next(bytes);
  const Span epoch = 1 + next(bytes) % 200;
  std::vector<oracle::Moments> world(2 + next(bytes) % 3);
  for (auto& lane : world) lane.coarse = interval * (next(bytes) % 4);
  for (auto& lane : world) lane.coarse = lane.coarse == interval ? 0 : lane.coarse;
  bytes = bytes.first(std::min<std::size_t>(bytes.size(), 120));
  while (!bytes.empty()) {
    const std::uint8_t what = next(bytes);
    auto& lane = world[what % world.size()];
    const Timestamp before = lane.empty() ? -100 : lane.back().t;
    const auto index = static_cast<std::uint32_t>(lane.size());
    lane.push_back({before + 1 + next(bytes) % 64, what >= 200, 0, index});
  }
  std::vector<Lane> lanes(world.size());
  for (std::size_t k = 0; k < world.size(); ++k) {
    lanes[k].open(world[k]);
    lanes[k].set_coarse(world[k].coarse);
  }
  Braider braider;
  braider.braid(lanes, interval, epoch, known_until);
  oracle::Answer answer;
  for (const Run& run : braider.runs()) {
    for (std::uint32_t i = run.from; i < run.from + run.count; ++i) {
      answer.push_back({run.lane, lanes[run.lane].moment(i)});
    }
  }
  if (answer != oracle::braid(world, interval, epoch, known_until)) std::abort();
}

Strand strand_from(Bytes& bytes) {
  Strand strand;
  const std::size_t chunks = next(bytes) % 4;
  for (std::size_t c = 0; c < chunks; ++c) {
    Chunk chunk;
    chunk.encoding = static_cast<Encoding>(next(bytes) % 8);
    const std::size_t size = std::min<std::size_t>(next(bytes), bytes.size());
    chunk.data = {reinterpret_cast<const char*>(bytes.data()), size};
    bytes = bytes.subspan(size);
    chunk.min_time = next(bytes);
    chunk.max_time = next(bytes);
    chunk::DecodedChunk decoded;
    const bool honest = next(bytes) % 4 != 0;
    if (honest && chunk::decode(chunk, decoded).has_value() && decoded.size() > 0) {
      chunk.min_time = decoded.times.front();
      chunk.max_time = decoded.times.back();
    }
    strand.chunks.push_back(chunk);
  }
  return strand;
}

class InOrder : public SampleSink {
 public:
  void floats(std::span<const Timestamp> times, std::span<const DoubleBits>) override {
    for (const Timestamp t : times) see(t);
  }
  void histogram(Timestamp t, const Histogram&) override { see(t); }

 private:
  void see(Timestamp t) {
    if (seen_ && t <= last_) std::abort();
    last_ = t;
    seen_ = true;
  }
  Timestamp last_ = 0;
  bool seen_ = false;
};

/// By a merger of its own: what another strand has left in memory must not be leant on.
void merge_alone(const Strand& strand) {
  const Strand* alone[] = {&strand};
  SeriesMerger merger;
  merger.merge(alone, {first_time, last_time});
  for (const Piece& piece : merger.pieces()) {
    if (piece.chunk >= strand.chunks.size() || piece.count == 0) std::abort();
  }
}

std::vector<Strand> strands_from(Bytes bytes) {
  std::vector<Strand> strands;
  for (int k = 0; k < 3; ++k) strands.push_back(strand_from(bytes));
  return strands;
}

/// Merges the strands of a series that is gone afterwards, as each is before the next one comes.
std::vector<Piece> merge_before(SeriesMerger& merger, Bytes bytes) {
  const std::vector<Strand> strands = strands_from(bytes);
  const Strand* ranked[] = {&strands[0], &strands[1], &strands[2]};
  merger.merge(ranked, {first_time, last_time});
  InOrder sink;
  if (emit_samples(ranked, merger.pieces(), sink).has_error()) std::abort();
  return {merger.pieces().begin(), merger.pieces().end()};
}

void merge_anything(Bytes bytes) {
  SeriesMerger merger;
  const std::vector<Piece> first = merge_before(merger, bytes);
  const std::vector<Strand> strands = strands_from(bytes);
  const Strand* ranked[] = {&strands[0], &strands[1], &strands[2]};
  merge_alone(strands[0]);
  // What the merger remembers of one series must not show in the next.
  merger.merge(ranked, {first_time, last_time});
  if (!std::ranges::equal(first, merger.pieces())) std::abort();
  ChunkRow row, by_the_first;
  SeriesMerger fresh;
  fresh.merge(ranked, {first_time, last_time});
  const bool formed = !emit_chunks(ranked, fresh.pieces(), by_the_first).has_error();
  if (emit_chunks(ranked, merger.pieces(), row).has_error() == formed) std::abort();
  if (!formed) return;  // a histogram ill formed
  const auto same = [](const Chunk& a, const Chunk& b) { return a.data == b.data; };
  if (!std::ranges::equal(by_the_first.chunks, row.chunks, same)) std::abort();
  for (std::size_t i = 0; i < row.chunks.size(); ++i) {
    if (row.chunks[i].min_time > row.chunks[i].max_time) std::abort();
    if (i > 0 && row.chunks[i - 1].max_time >= row.chunks[i].min_time) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes bytes(data, size);
  if (next(bytes) % 2 == 0) {
    compare_with_oracle(bytes);
  } else {
    merge_anything(bytes);
  }
  return 0;
}
