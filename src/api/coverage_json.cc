#include "api/coverage_json.h"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "api/answer.h"
#include "api/strip.h"
#include "base/utf8.h"
#include "chunk/decode.h"
#include "merge/uses.h"
#include "series/value_text.h"

namespace prombraid::api {

namespace {

namespace json = boost::json;

json::string text(std::string_view from) {
  const std::string valid = valid_utf8(from);
  return json::string(valid.data(), valid.size());
}

json::object labels_json(const Labels& labels) {
  json::object out;
  for (const Label label : labels) {
    const std::string name = valid_utf8(label.name);
    out[name] = text(label.value);
  }
  return out;
}

const char* name_of(merge::Why why) {
  switch (why) {
    case merge::Why::best:
      return "best";
    case merge::Why::hole:
      return "hole";
    case merge::Why::spacing:
      return "spacing";
  }
  return "best";
}

json::array samples_json(const Strand& strand, TimeRange range, std::size_t most) {
  json::array out;
  chunk::DecodedChunk decoded;
  for (const Chunk& chunk : strand.chunks) {
    if (chunk.max_time < range.start || chunk.min_time > range.end) continue;
    if (chunk::decode(chunk, decoded).has_error()) break;
    for (std::size_t i = 0; i < decoded.size(); ++i) {
      if (!range.contains(decoded.times[i])) continue;
      if (out.size() == most) return out;
      const std::string value =
          decoded.is_histogram() ? "histogram" : value_text(decoded.values[i]);
      out.push_back(json::array{decoded.times[i], text(value)});
    }
  }
  return out;
}

json::object replica_json(const Covered& series, std::uint32_t rank, std::size_t samples) {
  json::object out{{"replica", rank}, {"has", series.strands[rank] != nullptr}};
  if (const merge::Presence* presence = series.seen.of(rank)) {
    out["samples"] = presence->samples;
    out["staleMarkers"] = presence->stale_markers;
    if (presence->samples > 0) out["first"] = presence->first;
    if (presence->samples > 0) out["last"] = presence->last;
  }
  for (const merge::Fault& fault : series.faults) {
    if (fault.strand == rank) out["fault"] = text(fault.error.what.substr(0, 500));
  }
  const auto strip = strip_of(rank, series.seen, series.range);
  json::array parts;
  for (const StripPart& part : std::span(strip).first(std::min(strip.size(), listed_parts))) {
    parts.push_back(
        json::object{{"from", part.from}, {"to", part.to}, {"state", name_of(part.presence)}});
  }
  out["parts"] = strip.size();
  out["strip"] = std::move(parts);
  if (samples > 0 && series.strands[rank] != nullptr) {
    out["values"] = samples_json(*series.strands[rank], series.range, samples);
  }
  return out;
}

json::object use_json(const merge::Use& use) {
  json::object out{{"replica", use.strand},
                   {"from", use.from},
                   {"to", use.to},
                   {"samples", use.samples},
                   {"reason", merge::name_of(use.reason)},
                   {"why", name_of(use.why)}};
  if (use.why == merge::Why::hole) {
    json::object hole{{"replica", use.hole.strand}, {"stale", use.hole.marked}};
    if (use.hole.last_before != merge::first_time) hole["from"] = use.hole.last_before;
    if (use.hole.first_after != merge::last_time) hole["to"] = use.hole.first_after;
    out["hole"] = std::move(hole);
  }
  return out;
}

json::object conflicts_json(const merge::Explanation& seen) {
  json::array listed;
  for (const merge::Disagreement& d : seen.disagreements) {
    json::object one{{"t", d.t}, {"replicas", json::array{d.strand, d.other}}};
    if (!d.histogram) {
      one["values"] = json::array{text(value_text(d.value)), text(value_text(d.other_value))};
    }
    listed.push_back(std::move(one));
  }
  return json::object{{"count", seen.disagreed}, {"first", std::move(listed)}};
}

}  // namespace

std::string coverage_json(const Covered& series, std::size_t samples) {
  json::array replicas;
  for (std::uint32_t k = 0; k < series.strands.size(); ++k) {
    replicas.push_back(replica_json(series, k, samples));
  }
  const auto uses = merge::uses_of(series.pieces, series.seen);
  json::array braid;
  for (const merge::Use& use : std::span(uses).first(std::min(uses.size(), listed_parts))) {
    braid.push_back(use_json(use));
  }
  std::uint64_t all = 0;
  std::uint64_t filled = 0;
  for (const merge::Piece& piece : series.pieces) {
    all += piece.count;
    filled += piece.reason == merge::Reason::filled ? piece.count : 0;
  }
  return json::serialize(json::object{{"labels", labels_json(series.labels)},
                                      {"interval", series.interval},
                                      {"samples", all},
                                      {"filled", filled},
                                      {"replicas", std::move(replicas)},
                                      {"changes", uses.size()},
                                      {"braid", std::move(braid)},
                                      {"conflicts", conflicts_json(series.seen)}});
}

std::string coverage_head_json(const CoveredRead& read, TimeRange range) {
  json::array replicas;
  for (std::size_t i = 0; i < read.replicas.size(); ++i) {
    replicas.push_back(json::object{{"name", text(read.replicas[i])},
                                    {"externalLabels", labels_json(read.external_labels[i])}});
  }
  json::array ignored;
  for (const std::string& matcher : read.ignored) ignored.push_back(text(matcher));
  return R"("range":{"start":)" + std::to_string(range.start) + R"(,"end":)" +
         std::to_string(range.end) + R"(},"replicas":)" + json::serialize(replicas) +
         R"(,"ignored":)" + json::serialize(ignored) + R"(,"cut":)" + (read.cut ? "true" : "false");
}

}  // namespace prombraid::api
