#include "app/sample_lines.h"

#include "api/answer.h"
#include "base/instant.h"
#include "chunk/decode.h"
#include "series/matcher.h"
#include "series/value_text.h"

namespace prombraid::app {

namespace {

using config::ReadFormat;

/// Seconds with as many decimals as are needed.
std::string seconds(Timestamp t) {
  std::string out = t < 0 ? "-" : "";
  const std::uint64_t ms =
      t < 0 ? 0 - static_cast<std::uint64_t>(t) : static_cast<std::uint64_t>(t);
  out += std::to_string(ms / 1000);
  const std::string rest = std::to_string(1000 + ms % 1000).substr(1);
  return rest == "000" ? out : out + "." + rest;
}

double count_of(const Histogram& h) {
  return h.is_float ? as_double(h.count) : static_cast<double>(h.count);
}

std::string shown(const chunk::DecodedChunk& chunk, std::size_t i) {
  if (chunk.stale(i)) return "stale";
  if (!chunk.is_histogram()) return number_text(as_double(chunk.values[i]));
  const Histogram& h = chunk.histograms[i];
  return "histogram of " + number_text(count_of(h)) + ", sum " + number_text(as_double(h.sum));
}

std::string metric_json(const Labels& labels) {
  std::string out = "{";
  for (const Label label : labels) {
    out += (out.size() == 1 ? "" : ",") + api::quoted(label.name) + ":" + api::quoted(label.value);
  }
  return out + "}";
}

std::string sample_json(const chunk::DecodedChunk& chunk, std::size_t i) {
  const std::string time = seconds(chunk.times[i]);
  if (!chunk.is_histogram()) {
    const bool stale = chunk.stale(i);
    return "[" + time + ",\"" + (stale ? "stale" : number_text(as_double(chunk.values[i]))) + "\"]";
  }
  const Histogram& h = chunk.histograms[i];
  return "[" + time + R"(,{"count":")" + number_text(count_of(h)) + R"(","sum":")" +
         number_text(as_double(h.sum)) + "\"}]";
}

/// `name{a="b"}`: the name in front, as the exposition format has it.
std::string exposed(const Labels& labels) {
  std::string inside;
  for (const Label label : labels) {
    if (label.name == "__name__") continue;
    const Matcher written{MatchType::equal, std::string(label.name), std::string(label.value)};
    inside += (inside.empty() ? "" : ",") + to_string(written);
  }
  std::string out(labels.get("__name__"));
  return inside.empty() ? out : out + "{" + inside + "}";
}

/// Writes one series in one form.
class Writer {
 public:
  Writer(std::string& out, const Strand& strand, ReadFormat format)
      : out_(out), strand_(strand), format_(format), name_(exposed(strand.labels)) {}

  Result<Written> run() {
    begin();
    for (const Chunk& chunk : strand_.chunks) {
      if (auto decoded = chunk::decode(chunk, decoded_); decoded.has_error()) {
        return std::move(decoded).error().in(to_string(strand_.labels));
      }
      for (std::size_t i = 0; i < decoded_.size(); ++i) add(i);
    }
    if (format_ == ReadFormat::json) out_ += values_ + "]" + histograms_ + "]}\n";
    return written_;
  }

 private:
  void begin() {
    if (format_ == ReadFormat::text) out_ += to_string(strand_.labels) + "\n";
    if (format_ == ReadFormat::json) out_ += R"({"metric":)" + metric_json(strand_.labels);
  }

  void add(std::size_t i) {
    const bool told =
        format_ != ReadFormat::openmetrics || !(decoded_.is_histogram() || decoded_.stale(i));
    if (!told) {
      ++written_.left_out;
      return;
    }
    ++written_.samples;
    if (format_ == ReadFormat::text) {
      out_ += "  " + instant_text(decoded_.times[i]) + "  " + shown(decoded_, i) + "\n";
    } else if (format_ == ReadFormat::openmetrics) {
      out_ += name_ + " " + shown(decoded_, i) + " " + seconds(decoded_.times[i]) + "\n";
    } else {
      std::string& list = decoded_.is_histogram() ? histograms_ : values_;
      list += (list.back() == '[' ? "" : ",") + sample_json(decoded_, i);
    }
  }

  std::string& out_;
  const Strand& strand_;
  const ReadFormat format_;
  const std::string name_;
  chunk::DecodedChunk decoded_;
  std::string values_ = R"(,"values":[)";
  std::string histograms_ = R"(,"histograms":[)";
  Written written_;
};

}  // namespace

Result<Written> append_series(std::string& out, const Strand& strand, ReadFormat format) {
  return Writer(out, strand, format).run();
}

std::string ending(ReadFormat format) {
  return format == ReadFormat::openmetrics ? "# EOF\n" : "";
}

}  // namespace prombraid::app
