#include "merge/explain.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "chunk/decode.h"
#include "merge/lane.h"

namespace prombraid::merge {
namespace {

/// What one sample says: a float's bits, or a digest of a histogram without its reset hint, which
/// differs with the place in a chunk and not with the data.
struct Said {
  Timestamp t = 0;
  std::uint64_t value = 0;
  std::uint32_t strand = 0;
  bool histogram = false;

  bool same(const Said& other) const {
    return value == other.value && histogram == other.histogram;
  }
};

/// FNV-1a over whole words: equal histograms give equal digests, others almost never do.
class Digest {
 public:
  void add(std::uint64_t word) { state_ = (state_ ^ word) * 0x100000001b3 ^ (state_ >> 32); }
  template <class T>
  void add_all(const std::vector<T>& words) {
    add(words.size());
    for (const T& word : words) add(static_cast<std::uint64_t>(word));
  }
  void add_all(const std::vector<BucketSpan>& spans) {
    add(spans.size());
    for (const BucketSpan& span : spans) {
      add(static_cast<std::uint64_t>(span.offset));
      add(span.length);
    }
  }
  std::uint64_t value() const { return state_; }

 private:
  std::uint64_t state_ = 0xcbf29ce484222325;
};

std::uint64_t digest(const Histogram& h) {
  Digest out;
  for (const std::uint64_t word : {std::uint64_t{h.is_float}, static_cast<std::uint64_t>(h.schema),
                                   h.zero_threshold, h.count, h.zero_count, h.sum}) {
    out.add(word);
  }
  out.add_all(h.positive_spans);
  out.add_all(h.negative_spans);
  out.add_all(h.positive_deltas);
  out.add_all(h.negative_deltas);
  out.add_all(h.positive_counts);
  out.add_all(h.negative_counts);
  out.add_all(h.custom_values);
  return out.value();
}

/// Walks one strand in the order of time: what it has, and the holes between.
Presence walk(Lane& lane, std::uint32_t number, TimeRange range, Span interval,
              std::vector<Hole>& holes) {
  Presence out{.strand = number};
  bool marked = false;
  for (std::uint32_t i = 0; i < lane.size(); ++i) {
    const Timestamp t = lane.time(i);
    if (!range.contains(t)) continue;
    if (lane.stale(i)) {
      ++out.stale_markers;
      marked = marked || out.samples > 0;
      continue;
    }
    if (out.samples == 0) {
      out.first = t;
    } else if (marked || distance(out.last, t) > interval + interval / 2) {
      holes.push_back({number, out.last, t, marked});
    }
    out.last = t;
    ++out.samples;
    marked = false;
  }
  if (marked) holes.push_back({number, out.last, last_time, true});
  return out;
}

/// Who begins later or ends earlier than others has a hole there as well.
void add_holes_at_ends(Explanation& seen, Span interval) {
  std::optional<Timestamp> first;
  std::optional<Timestamp> last;
  for (const Presence& presence : seen.presences) {
    if (presence.samples == 0) continue;
    first = std::min(first.value_or(presence.first), presence.first);
    last = std::max(last.value_or(presence.last), presence.last);
  }
  const Span most = interval + interval / 2;
  for (const Presence& presence : seen.presences) {
    const std::uint32_t strand = presence.strand;
    if (presence.samples == 0) {
      if (first) seen.holes.push_back({strand, first_time, last_time, false});
      continue;
    }
    if (distance(*first, presence.first) > most) {
      seen.holes.push_back({strand, first_time, presence.first, false});
    }
    const Hole marked{strand, presence.last, last_time, true};
    const bool known = std::find(seen.holes.begin(), seen.holes.end(), marked) != seen.holes.end();
    if (!known && distance(presence.last, *last) > most) {
      seen.holes.push_back({strand, presence.last, last_time, false});
    }
  }
  std::sort(seen.holes.begin(), seen.holes.end(), [](const Hole& a, const Hole& b) {
    return std::tie(a.strand, a.last_before) < std::tie(b.strand, b.last_before);
  });
}

void collect(const Strand& strand, std::uint32_t number, TimeRange range, std::vector<Said>& all) {
  chunk::DecodedChunk decoded;
  for (const Chunk& chunk : strand.chunks) {
    if (chunk::decode(chunk, decoded).has_error()) return;
    for (std::size_t i = 0; i < decoded.size(); ++i) {
      const Timestamp t = decoded.times[i];
      if (!range.contains(t)) continue;
      const bool histogram = decoded.is_histogram();
      all.push_back(
          {t, histogram ? digest(decoded.histograms[i]) : decoded.values[i], number, histogram});
    }
  }
}

void find_disagreements(std::vector<Said>& all, std::size_t kept, Explanation& seen) {
  std::sort(all.begin(), all.end(), [](const Said& a, const Said& b) {
    return std::tie(a.t, a.strand) < std::tie(b.t, b.strand);
  });
  const Said* best = nullptr;
  for (const Said& said : all) {
    if (best == nullptr || best->t != said.t) {
      best = &said;
      continue;
    }
    // A strand that has a time twice is not its own opponent.
    if (said.strand == best->strand || said.same(*best)) continue;
    ++seen.disagreed;
    if (seen.disagreements.size() == kept) continue;
    const bool histogram = best->histogram || said.histogram;
    seen.disagreements.push_back({said.t, best->strand, said.strand, histogram,
                                  histogram ? 0 : best->value, histogram ? 0 : said.value});
  }
}

}  // namespace

const Presence* Explanation::of(std::uint32_t strand) const {
  const auto at = std::find_if(presences.begin(), presences.end(),
                               [&](const Presence& p) { return p.strand == strand; });
  return at == presences.end() ? nullptr : &*at;
}

std::size_t explain_bytes(std::span<const Strand* const> strands) {
  // A Said in a vector that may just have grown, a moment of a lane, and at worst a hole and a use
  // (uses.h) of its own.
  constexpr std::size_t bytes_a_sample = 200;
  std::size_t samples = 0;
  for (const Strand* strand : strands) {
    if (strand == nullptr) continue;
    for (const Chunk& chunk : strand->chunks) {
      if (const auto count = chunk::sample_count(chunk)) samples += *count;
    }
  }
  return samples * bytes_a_sample;
}

Explanation explain(std::span<const Strand* const> strands, TimeRange range, Span interval,
                    std::size_t kept) {
  Explanation seen;
  seen.interval = interval;
  std::vector<Said> all;
  for (std::size_t k = 0; k < strands.size(); ++k) {
    if (strands[k] == nullptr) continue;
    const auto number = static_cast<std::uint32_t>(k);
    Lane lane;
    lane.repair(*strands[k]);
    if (lane.state() != Lane::State::good) continue;
    seen.presences.push_back(walk(lane, number, range, interval, seen.holes));
    collect(*strands[k], number, range, all);
  }
  add_holes_at_ends(seen, interval);
  find_disagreements(all, kept, seen);
  return seen;
}

}  // namespace prombraid::merge
