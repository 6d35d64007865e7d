#include "read/explain_text.h"

#include <algorithm>

#include "base/instant.h"
#include "merge/uses.h"
#include "series/value_text.h"

namespace prombraid::read {

namespace {

using merge::Hole;
using merge::Use;
using merge::Why;

std::string count_of(std::uint64_t count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string range_text(Timestamp from, Timestamp to) {
  return instant_text(from) + " to " + instant_text(to);
}

std::string hole_text(const Hole& hole) {
  const std::string marked = hole.marked ? ", begun by a stale marker" : "";
  const bool begins = hole.last_before == merge::first_time;
  if (begins && hole.first_after == merge::last_time) return "nothing in this range";
  if (begins) return "nothing before " + instant_text(hole.first_after);
  if (hole.first_after == merge::last_time) {
    return "nothing after " + instant_text(hole.last_before) + marked;
  }
  return "a hole from " + range_text(hole.last_before, hole.first_after) + " (" +
         span_text(merge::distance(hole.last_before, hole.first_after)) + marked + ")";
}

/// "and 3 more holes", where that many are not shown.
std::string rest_text(std::uint64_t all, std::uint64_t shown, const char* indent,
                      const char* what) {
  if (all <= shown) return {};
  return indent + ("and " + count_of(all - shown, what)) + " more\n";
}

/// Puts one series together.
class Writer {
 public:
  explicit Writer(const ExplainedSeries& series) : series_(series) {}

  std::string write() {
    head();
    used();
    had();
    disagreements();
    return std::move(out_);
  }

 private:
  const std::string& name(std::uint32_t strand) const { return series_.replicas[strand]; }

  void head() {
    std::uint64_t samples = 0;
    std::uint64_t filled = 0;
    for (const merge::Piece& piece : series_.pieces) {
      samples += piece.count;
      if (piece.reason == merge::Reason::filled) filled += piece.count;
    }
    out_ += labels_text(series_.labels) + "\n  scrape interval " +
            (series_.interval == 0 ? "unknown" : span_text(series_.interval)) + "; " +
            count_of(samples, "sample") + " in the answer, " + std::to_string(filled) +
            " of them not from the preferred replica\n";
  }

  void used() {
    const std::vector<Use> uses = merge::uses_of(series_.pieces, series_.seen);
    out_ += "  used:\n";
    if (uses.empty()) out_ += "    nothing\n";
    for (std::size_t i = 0; i < std::min(uses.size(), shown_uses); ++i) {
      const Use& use = uses[i];
      out_ += "    " + range_text(use.from, use.to) + "  " + name(use.strand) + ", " +
              count_of(use.samples, "sample") + why_text(use, i == 0) + "\n";
    }
    out_ += rest_text(uses.size(), shown_uses, "    ", "change");
  }

  std::string why_text(const Use& use, bool first) const {
    switch (use.why) {
      case Why::best:
        return first ? "" : "; ranks better, and was well as an epoch began";
      case Why::hole:
        return "; fills: " + name(use.hole.strand) + " has " + hole_text(use.hole) +
               (use.to > use.hole.first_after ? ", and stays" : "");
      case Why::spacing:
        return "; a sample was late, or an epoch began";
    }
    return "";
  }

  void had() {
    out_ += "  had:\n";
    for (std::uint32_t k = 0; k < series_.strands.size(); ++k) {
      out_ += "    " + name(k) + ": ";
      if (series_.strands[k] == nullptr) {
        out_ += "not this series\n";
      } else if (const merge::Presence* presence = series_.seen.of(k)) {
        had(*presence);
      } else {
        out_ += "left out, " + fault_of(k) + "\n";
      }
    }
  }

  std::string fault_of(std::uint32_t strand) const {
    for (const merge::Fault& fault : series_.faults) {
      if (fault.strand == strand) return fault.error.what.substr(0, 500);
    }
    return "it does not decode";
  }

  void had(const merge::Presence& presence) {
    out_ += count_of(presence.samples, "sample");
    if (presence.stale_markers > 0) {
      out_ += " and " + count_of(presence.stale_markers, "stale marker");
    }
    if (presence.samples > 0) out_ += ", " + range_text(presence.first, presence.last);
    out_ += "\n";
    std::uint64_t holes = 0;
    for (const Hole& hole : series_.seen.holes) {
      if (hole.strand != presence.strand) continue;
      if (++holes <= shown_holes) out_ += "      " + hole_text(hole) + "\n";
    }
    out_ += rest_text(holes, shown_holes, "      ", "hole");
  }

  void disagreements() {
    if (series_.seen.disagreed == 0) return;
    out_ += "  replicas disagree at the same timestamp, " +
            count_of(series_.seen.disagreed, "time") + ":\n";
    const auto& all = series_.seen.disagreements;
    const std::size_t shown = std::min(all.size(), shown_disagreements);
    for (std::size_t i = 0; i < shown; ++i) {
      const merge::Disagreement& d = all[i];
      const auto said = [&](std::uint32_t strand, DoubleBits value) {
        return name(strand) + (d.histogram ? "" : " says " + value_text(value));
      };
      out_ += "    " + instant_text(d.t) + "  " + said(d.strand, d.value) + ", " +
              said(d.other, d.other_value) + (d.histogram ? ", in histograms" : "") + "\n";
    }
    out_ += rest_text(series_.seen.disagreed, shown, "    ", "time");
  }

  const ExplainedSeries& series_;
  std::string out_;
};

}  // namespace

std::string labels_text(const Labels& labels) {
  std::string out = to_string(labels);
  if (out.size() > shown_label_bytes) {
    out.resize(shown_label_bytes);
    out += "...";
  }
  return out;
}

std::string explain_text(const ExplainedSeries& series) {
  return Writer(series).write();
}

}  // namespace prombraid::read
