#include "chunk/known_chunks.h"

#include <iterator>
#include <random>

#include <doctest/doctest.h>

#include "chunk/float_encoder.h"

namespace prombraid::chunk {
namespace {

enum class Values { counter, gauge, constant, signs, small, seldom };

constexpr Values all_values[] = {Values::counter, Values::gauge, Values::constant,
                                 Values::signs,   Values::small, Values::seldom};

/// Every way to walk that this processor knows, and none.
std::vector<const RowWalker*> all_walkers() {
  std::vector<const RowWalker*> all = {nullptr};
  for (const RowWalker& walker : row_walkers()) all.push_back(&walker);
  return all;
}

/// What is known of some chunks, and the same chunks of a series.
struct Known {
  std::vector<std::vector<Timestamp>> times;
  std::vector<std::vector<StepCode>> codes;
  std::vector<EncodedChunk> chunks;

  std::vector<const Chunk*> pointers() const {
    std::vector<const Chunk*> all;
    for (const EncodedChunk& one : chunks) all.push_back(&one.chunk);
    return all;
  }
};

/// `count` scrapes 15 s apart, one in ten late, and after one in a hundred a hole, a long one at
/// times.
std::vector<Timestamp> scrapes(std::size_t count, std::mt19937_64& random) {
  std::vector<Timestamp> times;
  Timestamp t = 1795132815000;
  while (times.size() < count) {
    times.push_back(t + (random() % 10 == 0 ? 1 + static_cast<Timestamp>(random() % 30) : 0));
    t += random() % 100 == 0 ? (random() % 4 == 0 ? 700000 : 200000) : 15000;
  }
  return times;
}

EncodedChunk encoded(const std::vector<Timestamp>& times, Values kind, std::mt19937_64& random) {
  FloatEncoder encoder;
  double count = 1000;
  for (const Timestamp t : times) {
    if (kind == Values::counter) count += static_cast<double>(random() % 300);
    if (kind == Values::gauge) count = 1.0 / static_cast<double>(1 + random() % 100000);
    if (kind == Values::signs) count = -count;
    if (kind == Values::small) count = static_cast<double>(random() % 3);
    if (kind == Values::seldom && random() % 40 == 0) count += 1;
    encoder.append(t, bits_of(count));
  }
  return encoder.finish();
}

Known known_of(std::size_t chunks, Values kind, std::mt19937_64& random) {
  Known known;
  for (std::size_t c = 0; c < chunks; ++c) {
    const std::size_t count = random() % 4 == 0 ? 1 + random() % 300 : 120;
    known.times.push_back(scrapes(count, random));
    known.codes.emplace_back(count);
    code_steps(known.times.back(), known.codes.back().data());
    known.chunks.push_back(encoded(known.times.back(), kind, random));
  }
  return known;
}

/// What is found of the chunks: all together, or each alone.
struct Found {
  std::vector<std::vector<std::uint32_t>> ends;
  std::vector<CutPlace> cuts;
  KnownChunks chunks;

  explicit Found(const Known& known, const RowWalker* walker = best_row_walker())
      : chunks(0, walker) {
    for (const auto& times : known.times) {
      ends.emplace_back(times.size());
      cuts.push_back({times.size() / 3, {}, {}});
    }
    for (std::size_t c = 0; c < known.times.size(); ++c) {
      KnownChunk one{known.times[c], known.codes[c].data(), ends[c].data(), cut(c), {}};
      for (const std::size_t i : asked(c)) one.asked.add(static_cast<std::uint32_t>(i));
      chunks.add(one);
    }
  }

  /// Every second chunk that is long enough is cut.
  CutPlace* cut(std::size_t c) { return c % 2 == 0 && ends[c].size() > 2 ? &cuts[c] : nullptr; }

  std::vector<std::size_t> asked(std::size_t c) const {
    const std::size_t count = ends[c].size();
    return {count / 2, count - 1};
  }

  bool each(const Known& known, const std::vector<const Chunk*>& of) {
    bool all = true;
    for (std::size_t c = 0; c < of.size(); ++c) {
      all = has_times(*of[c], known.times[c], known.codes[c].data(), ends[c].data(), cut(c)) && all;
    }
    return all;
  }
};

void check_same(const XorState& a, const XorState& b) {
  CHECK(a.at == b.at);
  CHECK(a.t == b.t);
  CHECK(a.delta == b.delta);
  CHECK(a.v == b.v);
  CHECK(a.width == b.width);
  CHECK(a.trailing == b.trailing);
}

void check_together(const Known& known, const RowWalker* walker) {
  Found together(known, walker), alone(known);
  // More than once: a group that is not known together is left out for some series.
  for (int series = 0; series < 3; ++series) {
    REQUIRE(together.chunks.have_times(known.pointers()));
    REQUIRE(alone.each(known, known.pointers()));
    for (std::size_t c = 0; c < known.times.size(); ++c) {
      CAPTURE(c);
      for (const std::size_t i : together.asked(c)) CHECK(together.ends[c][i] == alone.ends[c][i]);
      if (together.cut(c) == nullptr) continue;
      check_same(together.cuts[c].begin, alone.cuts[c].begin);
      check_same(together.cuts[c].second, alone.cuts[c].second);
    }
  }
}

TEST_CASE("eight chunks have the times they were made of") {
  std::mt19937_64 random(1);
  check_together(known_of(8, Values::counter, random), best_row_walker());
}

TEST_CASE("chunks together are found to be what each is alone") {
  std::mt19937_64 random(2);
  for (const Values kind : all_values) {
    for (std::size_t chunks = 0; chunks < 70; chunks += 1 + chunks / 40) {
      CAPTURE(static_cast<int>(kind));
      CAPTURE(chunks);
      const Known known = known_of(chunks, kind, random);
      for (const RowWalker* walker : all_walkers()) check_together(known, walker);
    }
  }
}

/// As `known_of`, but one scrape is like the other: nothing in it needs a walk of its own.
Known regular(std::size_t chunks, Values kind) {
  Known known;
  std::mt19937_64 random(6);
  for (std::size_t c = 0; c < chunks; ++c) {
    std::vector<Timestamp>& times = known.times.emplace_back();
    for (Timestamp i = 0; i < (c % 3 == 0 ? 40 : 120); ++i) {
      times.push_back(1795132815000 + 15000 * i);
    }
    known.codes.emplace_back(times.size());
    code_steps(times, known.codes.back().data());
    known.chunks.push_back(encoded(times, kind, random));
  }
  return known;
}

TEST_CASE("usual chunks are found together, whatever their lengths and values") {
  for (const Values kind : {Values::counter, Values::small, Values::seldom}) {
    const Known known = regular(28, kind);
    for (const RowWalker& walker : row_walkers()) {
      CAPTURE(static_cast<int>(kind));
      CAPTURE(walker.name);
      Found found(known, &walker);
      REQUIRE(found.chunks.have_times(known.pointers()));
      CHECK(found.chunks.found_together() == 28);
    }
  }
}

TEST_CASE("chunks whose value stands still are known by their bytes, each by itself") {
  std::mt19937_64 random(8);
  for (const bool even : {true, false}) {
    const Known known =
        even ? regular(28, Values::constant) : known_of(28, Values::constant, random);
    const auto least = [](const auto& times) { return times.size() > 2; };
    const auto long_enough = std::count_if(known.times.begin(), known.times.end(), least);
    for (const RowWalker* walker : all_walkers()) {
      Found found(known, walker);
      REQUIRE(found.chunks.have_times(known.pointers()));
      CHECK(found.chunks.found_still() == static_cast<std::size_t>(long_enough));
    }
  }
}

TEST_CASE("where a value stands still but once, wherever that is, the times are known by a walk") {
  const Known known = regular(28, Values::constant);
  const std::vector<Timestamp>& times = known.times[1];
  for (std::size_t at = 1; at < times.size(); ++at) {
    FloatEncoder encoder;
    for (std::size_t i = 0; i < times.size(); ++i)
      encoder.append(times[i], bits_of(i < at ? 5 : 6));
    const EncodedChunk moved = encoder.finish();
    auto chunks = known.pointers();
    chunks[1] = &moved.chunk;
    for (const RowWalker* walker : all_walkers()) {
      Found found(known, walker), alone(known);
      REQUIRE(found.chunks.have_times(chunks));
      CHECK(found.chunks.found_still() == 27);
      REQUIRE(alone.each(known, chunks));
      for (const std::size_t i : found.asked(1)) CHECK(found.ends[1][i] == alone.ends[1][i]);
    }
  }
}

TEST_CASE("one time that differs in one chunk of many is found") {
  std::mt19937_64 random(3);
  for (int world = 0; world < 200; ++world) {
    Known known = known_of(5 + random() % 20, Values::counter, random);
    Found found(known);
    REQUIRE(found.chunks.have_times(known.pointers()));
    const std::size_t c = random() % known.times.size();
    CAPTURE(world);
    std::vector<Timestamp> other = known.times[c];
    other[random() % other.size()] += 1;
    const EncodedChunk changed = encoded(other, Values::counter, random);
    auto chunks = known.pointers();
    chunks[c] = &changed.chunk;
    CHECK_FALSE(found.chunks.have_times(chunks));
  }
}

TEST_CASE("with any bit turned, or cut off, together and alone say the same") {
  std::mt19937_64 random(4);
  std::size_t known_still = 0;
  for (int world = 0; world < 20; ++world) {
    const Known known = known_of(8, all_values[world % std::size(all_values)], random);
    for (int turn = 0; turn < 200; ++turn) {
      const std::size_t c = random() % known.chunks.size();
      const std::string_view data = known.chunks[c].chunk.data;
      std::vector<char> bytes(data.begin(), data.end());
      if (turn % 10 == 0) {
        bytes.resize(2 + random() % (bytes.size() - 1));
      } else {
        bytes[2 + random() % (bytes.size() - 2)] ^= static_cast<char>(1u << random() % 8);
      }
      Chunk turned = known.chunks[c].chunk;
      turned.data = {bytes.data(), bytes.size()};
      auto chunks = known.pointers();
      chunks[c] = &turned;
      Found alone(known);
      const bool has = alone.each(known, chunks);
      for (const RowWalker* walker : all_walkers()) {
        Found together(known, walker);
        REQUIRE(together.chunks.have_times(chunks) == has);
      }
      known_still += has ? 1 : 0;
    }
  }
  CHECK(known_still > 100);
}

/// With markers at the end of a chunk, or all through it.
void check_markers(const Known& known) {
  for (std::size_t c = 0; c < known.chunks.size(); ++c) {
    FloatEncoder encoder;
    for (const Timestamp t : known.times[c]) {
      const bool marker = c % 2 == 0 || t == known.times[c].back();
      encoder.append(t, marker ? stale_marker : bits_of(5));
    }
    const EncodedChunk stale = encoder.finish();
    auto chunks = known.pointers();
    for (const RowWalker* walker : all_walkers()) {
      Found found(known, walker);
      REQUIRE(found.chunks.have_times(chunks));
      chunks[c] = &stale.chunk;
      CHECK_FALSE(found.chunks.have_times(chunks));
      chunks[c] = &known.chunks[c].chunk;
    }
  }
}

TEST_CASE("a stale marker in one of many chunks is not known, nor a chunk of nothing else") {
  for (const Values kind : {Values::counter, Values::constant}) check_markers(regular(40, kind));
}

}  // namespace
}  // namespace prombraid::chunk
