#include "api/compared.h"

#include <algorithm>

#include "base/instant.h"
#include "chunk/decode.h"
#include "series/value_text.h"

namespace prombraid::api {

namespace {

constexpr std::size_t shown_holes = 10;  ///< of each replica

std::vector<Timestamp> times_of(const Strand& strand, TimeRange range) {
  std::vector<Timestamp> out;
  chunk::DecodedChunk decoded;
  for (const Chunk& chunk : strand.chunks) {
    if (chunk::decode(chunk, decoded).has_error()) break;
    for (std::size_t i = 0; i < decoded.size(); ++i) {
      if (range.contains(decoded.times[i]) && !decoded.stale(i)) out.push_back(decoded.times[i]);
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string hole_text(const merge::Hole& hole) {
  const bool begins = hole.last_before == merge::first_time;
  const bool ends = hole.first_after == merge::last_time;
  std::string out;
  if (begins && ends) return "nothing in this range";
  if (begins) {
    out = "nothing before " + instant_text(hole.first_after);
  } else if (ends) {
    out = "nothing after " + instant_text(hole.last_before);
  } else {
    out = "a hole from " + instant_text(hole.last_before) + " to " +
          instant_text(hole.first_after) + ", " +
          span_text(merge::distance(hole.last_before, hole.first_after));
  }
  return out + (hole.marked ? ", begun by a stale marker" : "");
}

std::string holes_text(const Covered& series, std::uint32_t rank) {
  std::string out;
  std::size_t count = 0;
  for (const merge::Hole& hole : series.seen.holes) {
    if (hole.strand == rank && ++count <= shown_holes) out += "    " + hole_text(hole) + "\n";
  }
  if (count > shown_holes) {
    out += "    and " + std::to_string(count - shown_holes) + " more holes\n";
  }
  return out;
}

std::string replica_text(const Covered& series, std::uint32_t rank) {
  const std::string& name = series.replicas[rank];
  const merge::Presence* presence = series.seen.of(rank);
  if (presence == nullptr) return "  " + name + ": not this series\n";
  std::string out = "  " + name + ": " + std::to_string(presence->samples) + " samples";
  const Strand* first = series.strands.front();
  if (rank > 0 && first != nullptr) {
    const auto offset = offset_of(*first, *series.strands[rank], series.range);
    if (offset) out += ", " + span_text(*offset) + " after those of the first";
  }
  return out + "\n" + holes_text(series, rank);
}

std::string conflicts_text(const merge::Explanation& seen, std::span<const std::string> names) {
  if (seen.disagreed == 0) return {};
  std::string out =
      "  values disagree at the same time, in " + std::to_string(seen.disagreed) + " places:\n";
  for (const merge::Disagreement& d : seen.disagreements) {
    const auto said = [&](std::uint32_t strand, DoubleBits value) {
      return names[strand] + (d.histogram ? "" : " says " + value_text(value));
    };
    out += "    " + instant_text(d.t) + "  " + said(d.strand, d.value) + ", " +
           said(d.other, d.other_value) + (d.histogram ? ", in histograms" : "") + "\n";
  }
  return out;
}

}  // namespace

std::optional<std::uint64_t> offset_of(const Strand& first, const Strand& strand, TimeRange range) {
  const std::vector<Timestamp> own = times_of(first, range);
  std::vector<std::uint64_t> offsets;
  for (const Timestamp t : times_of(strand, range)) {
    const auto after = std::upper_bound(own.begin(), own.end(), t);
    if (after != own.begin()) offsets.push_back(merge::distance(*std::prev(after), t));
  }
  if (offsets.empty()) return std::nullopt;
  const auto middle = offsets.begin() + static_cast<std::ptrdiff_t>(offsets.size() / 2);
  std::nth_element(offsets.begin(), middle, offsets.end());
  return *middle;
}

std::string Comparison::add(const Covered& series) {
  ++series_;
  const auto missing = static_cast<std::uint64_t>(std::count(
      series.strands.begin(), series.strands.end(), static_cast<const Strand*>(nullptr)));
  holes_ += series.seen.holes.size();
  missing_ += missing;
  conflicts_ += series.seen.disagreed;
  if (series.seen.holes.empty() && missing == 0 && series.seen.disagreed == 0) return {};
  ++differing_;
  std::string out = to_string(series.labels) + "\n";
  for (std::uint32_t k = 0; k < series.strands.size(); ++k) {
    out += replica_text(series, k);
  }
  return out + conflicts_text(series.seen, series.replicas) + "\n";
}

std::string Comparison::summary() const {
  return std::to_string(series_) + " series compared, " + std::to_string(differing_) +
         " differ: " + std::to_string(holes_) + " holes, " + std::to_string(missing_) +
         " times a replica lacks a series, " + std::to_string(conflicts_) +
         " values that disagree\n";
}

}  // namespace prombraid::api
