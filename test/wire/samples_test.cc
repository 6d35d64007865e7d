#include <limits>

#include <doctest/doctest.h>

#include "wire/oracle.h"

namespace prombraid::wire {
namespace {

using prometheus::ReadResponse;

constexpr Timestamp far = std::numeric_limits<Timestamp>::max();

void add_side(prometheus::Histogram& h) {
  auto& span = *h.add_positive_spans();
  span.set_offset(-3);
  span.set_length(2);
  h.add_positive_spans()->set_length(1);
  if (h.has_count_float()) {
    for (const double count : {1.5, 0.0, -0.0}) h.add_positive_counts(count);
  } else {
    for (const int delta : {5, -3, 0}) h.add_positive_deltas(delta);
  }
}

/// Floats, an integer histogram, a float one with custom bounds, a stale one; an empty result.
ReadResponse example() {
  ReadResponse answer;
  auto& series = *answer.add_results()->add_timeseries();
  auto& label = *series.add_labels();
  label.set_name("job");
  label.set_value("x");
  for (const Sample s : {Sample{-far, stale_marker}, Sample{0, 0}, Sample{far, bits_of(-0.0)}}) {
    auto& sample = *series.add_samples();
    sample.set_timestamp(s.t);
    sample.set_value(as_double(s.v));
  }
  answer.add_results();
  auto& other = *answer.add_results()->add_timeseries();
  auto& integers = *other.add_histograms();
  integers.set_count_int(~0ULL);
  integers.set_zero_count_int(0);
  integers.set_schema(-4);
  integers.set_timestamp(1000);
  add_side(integers);
  auto& floats = *other.add_histograms();
  floats.set_count_float(2.5);
  floats.set_zero_count_float(0);
  floats.set_schema(-53);
  floats.set_reset_hint(prometheus::Histogram::GAUGE);
  floats.add_custom_values(0.25);
  add_side(floats);
  auto& stale = *other.add_histograms();
  stale.set_count_int(0);
  stale.set_zero_count_int(0);
  stale.set_sum(as_double(stale_marker));
  return answer;
}

Result<SamplesReader> open(const ReadResponse& answer, const AnswerLimits& limits = {}) {
  return SamplesReader::open(compressed(answer.SerializeAsString()), limits);
}

Error error_of(const ReadResponse& answer, const AnswerLimits& limits = {}) {
  auto reader = open(answer, limits);
  if (reader.has_error()) return reader.error();
  const auto all = to_proto(*reader);
  return all.has_error() ? all.error() : Error(ErrorKind::internal, "no error");
}

TEST_CASE("an answer of the generated classes is read series by series, bit for bit") {
  auto reader = open(example());
  REQUIRE(reader.has_value());
  CHECK(reader->results() == 3);
  SampledSeries series;
  CHECK(reader->next(series).value());
  CHECK(series.result == 0);
  CHECK(series.labels.get("job") == "x");
  CHECK(series.floats == std::vector<Sample>{{-far, stale_marker}, {0, 0}, {far, bits_of(-0.0)}});
  CHECK_FALSE(series.has_histograms());
  CHECK(reader->next(series).value());
  CHECK(series.result == 2);
  CHECK(series.histogram_count() == 3);
  HistogramSample histogram;
  CHECK(series.next_histogram(histogram).value());
  CHECK(histogram.t == 1000);
  CHECK(histogram.h.positive_deltas == std::vector<std::int64_t>{5, -3, 0});
  CHECK_FALSE(reader->next(series).value());
  auto again = open(example());
  CHECK(to_proto(*again)->SerializeAsString() == example().SerializeAsString());
}

TEST_CASE("what we write, the generated classes read as the same answer, to the byte") {
  auto reader = open(example());
  const auto written = rewrite(*reader);
  REQUIRE(written.has_value());
  CHECK(uncompressed(joined(*written)) == example().SerializeAsString());
}

TEST_CASE("an answer without results is empty") {
  CHECK(uncompressed(joined(*SamplesWriter().finish())).empty());
}

// 500,000 floats are about 9 MB: many spills; in between and after it short series, to see that the
// gaps of long series and of results keep apart.
TEST_CASE("a series longer than what is gathered gets its length afterwards") {
  ReadResponse answer;
  std::uint64_t random = 1;
  for (const int count : {3, 500000, 0, 70000, 2}) {
    if (answer.results_size() == 0 || count == 0) answer.add_results();
    auto& series = *answer.mutable_results(answer.results_size() - 1)->add_timeseries();
    for (int i = 0; i < count; ++i) {
      random = random * 6364136223846793005 + 1442695040888963407;
      series.add_samples()->set_timestamp(1700000000000 + std::int64_t{15000} * i);
      series.mutable_samples(i)->set_value(static_cast<double>(random >> 50));
    }
  }
  auto reader = open(answer);
  const auto written = rewrite(*reader);
  REQUIRE(written.has_value());
  CHECK(written->buffers.size() > 10);
  CHECK((uncompressed(joined(*written)) == answer.SerializeAsString()));
}

TEST_CASE("times of every length are written as the generated classes write them") {
  ReadResponse answer;
  auto& series = *answer.add_results()->add_timeseries();
  std::vector<Timestamp> times;
  std::vector<DoubleBits> values;
  for (unsigned bit = 0; bit <= 64; ++bit) {
    const std::uint64_t top = bit == 64 ? 0 : std::uint64_t{1} << bit;
    for (const std::uint64_t t : {top - 1, top, top + 1, top * 5 / 3}) {
      for (const DoubleBits v : {DoubleBits{0}, bits_of(-0.0), bits_of(1.1)}) {
        times.push_back(static_cast<Timestamp>(t));
        values.push_back(v);
        series.add_samples()->set_timestamp(times.back());
        series.mutable_samples(series.samples_size() - 1)->set_value(as_double(v));
      }
    }
  }
  SamplesWriter writer;
  writer.begin_result();
  writer.begin_series({});
  writer.add(times, values);
  writer.end_series();
  const auto written = writer.finish();
  REQUIRE(written.has_value());
  CHECK((uncompressed(joined(*written)) == answer.SerializeAsString()));
}

TEST_CASE("the writer stops where the answer passes its limit, and holds little") {
  SamplesWriter writer(3 << 20);
  writer.begin_result();
  writer.begin_series({});
  const std::vector<Sample> samples(1000, Sample{1, 1});
  for (int i = 0; i < 1000; ++i) writer.add(samples);
  CHECK(writer.too_long());
  CHECK(writer.bytes() < 4 << 20);
  writer.end_series();
  CHECK(writer.finish().error().kind == ErrorKind::limit);
}

TEST_CASE("histograms whose parts do not agree are corrupt") {
  const auto kind = [](auto change) {
    ReadResponse answer = example();
    change(*answer.mutable_results(2)->mutable_timeseries(0)->mutable_histograms(0));
    return error_of(answer).kind;
  };
  CHECK(kind([](auto& h) { h.add_positive_deltas(1); }) == ErrorKind::corrupt);
  CHECK(kind([](auto& h) { h.mutable_positive_spans(0)->set_length(~0U); }) == ErrorKind::corrupt);
  CHECK(kind([](auto& h) { h.mutable_positive_spans(1)->set_offset(-1); }) == ErrorKind::corrupt);
  CHECK(kind([](auto& h) { h.add_negative_spans()->set_length(1); }) == ErrorKind::corrupt);
  CHECK(kind([](auto& h) { h.set_reset_hint(static_cast<prometheus::Histogram::ResetHint>(4)); }) ==
        ErrorKind::corrupt);
  CHECK(kind([](auto& h) { h.add_positive_counts(1); }) == ErrorKind::internal);  // no error
}

TEST_CASE("each limit refuses what passes it, by its name") {
  AnswerLimits limits;
  limits.max_series_samples = 3;
  limits.max_answer_bytes = example().ByteSizeLong();
  CHECK(error_of(example(), limits).what == "no error");
  limits.max_series_samples = 2;
  CHECK(error_of(example(), limits).what.find("max_series_samples (2)") != std::string::npos);
  limits = {};
  limits.max_answer_bytes = example().ByteSizeLong() - 1;
  CHECK(error_of(example(), limits).what.find("--read.max-response-bytes") != std::string::npos);
  limits = {};
  limits.series.max_labels = 0;
  CHECK(error_of(example(), limits).what.find("--limits.labels-per-series (0)") !=
        std::string::npos);
}

}  // namespace
}  // namespace prombraid::wire
