#include "merge/explain.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "chunk/decode.h"
#include "merge/lane.h"

namespace prombraid::merge {
namespace {

/// What one sample says: a float's bits, or a histogram without its reset hint, which differs with
/// the place in a chunk and not with the data.
struct Said {
  std::uint32_t strand = 0;
  DoubleBits value = 0;
  std::optional<Histogram> histogram;

  bool same(const Said& other) const {
    return value == other.value && histogram == other.histogram;
  }
};

void find_holes(const Strand& strand, std::uint32_t number, TimeRange range, Span interval,
                std::vector<Hole>& holes) {
  Lane lane;
  lane.repair(strand);
  std::optional<Timestamp> last;
  bool marked = false;
  const auto add = [&](Timestamp next) {
    const bool wide = distance(*last, next) > interval + interval / 2;
    if (marked || wide) holes.push_back({number, *last, next, marked});
  };
  for (std::uint32_t i = 0; i < lane.size(); ++i) {
    if (!range.contains(lane.time(i))) continue;
    if (lane.stale(i)) {
      marked = marked || last.has_value();
      continue;
    }
    if (last) add(lane.time(i));
    last = lane.time(i);
    marked = false;
  }
  if (last && marked) holes.push_back({number, *last, last_time, true});
}

Said said(const chunk::DecodedChunk& decoded, std::size_t i, std::uint32_t strand) {
  if (!decoded.is_histogram()) return {strand, decoded.values[i], {}};
  Histogram plain = decoded.histograms[i];
  plain.reset_hint = ResetHint::unknown;
  return {strand, 0, std::move(plain)};
}

void find_disagreements(const Strand& strand, std::uint32_t number, TimeRange range,
                        std::map<Timestamp, Said>& all, std::vector<Disagreement>& found) {
  chunk::DecodedChunk decoded;
  for (const Chunk& chunk : strand.chunks) {
    if (chunk::decode(chunk, decoded).has_error()) return;
    for (std::size_t i = 0; i < decoded.size(); ++i) {
      const Timestamp t = decoded.times[i];
      if (!range.contains(t)) continue;
      Said now = said(decoded, i, number);
      const auto before = all.find(t);
      if (before == all.end()) {
        all.emplace(t, std::move(now));
      } else if (before->second.strand != number && !before->second.same(now)) {
        found.push_back({t, before->second.strand, number});
      }
    }
  }
}

}  // namespace

Explanation explain(std::span<const Strand* const> strands, TimeRange range, Span interval) {
  Explanation explanation;
  std::map<Timestamp, Said> all;
  for (std::size_t k = 0; k < strands.size(); ++k) {
    if (strands[k] == nullptr) continue;
    const auto number = static_cast<std::uint32_t>(k);
    find_holes(*strands[k], number, range, interval, explanation.holes);
    find_disagreements(*strands[k], number, range, all, explanation.disagreements);
  }
  std::sort(explanation.disagreements.begin(), explanation.disagreements.end(),
            [](const Disagreement& a, const Disagreement& b) {
              return std::tie(a.t, a.other) < std::tie(b.t, b.other);
            });
  return explanation;
}

}  // namespace prombraid::merge
