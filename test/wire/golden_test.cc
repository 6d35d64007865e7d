#include "wire/golden.h"

#include <doctest/doctest.h>

#include "wire/frame_reader.h"
#include "wire/frame_writer.h"
#include "wire/oracle.h"

namespace prombraid::wire {
namespace {

TEST_CASE("requests of real clients decode, and encode to the same bytes") {
  for (const Golden& golden : load_golden()) {
    CAPTURE(golden.name);
    const auto request = decode_read_request(golden.request, {});
    REQUIRE(request.has_value());
    REQUIRE(request->queries.size() == 2);
    CHECK(to_string(request->queries[0].matchers.at(0)) == R"(__name__=~"lab_.*")");
    CHECK(to_string(request->queries[1].matchers.at(0)) == R"(__name__=~"up")");
    CHECK(request->queries[0].hints.has_value());
    const TimeRange range = request->queries[0].range;
    CHECK(range.end - range.start == 30 * 60 * 1000);
    CHECK((negotiate(request->accepted).value() == ResponseType::streamed_chunks) == golden.chunks);
    CHECK(uncompressed(encode_read_request(*request)) == uncompressed(golden.request));
  }
}

/// Reads all frames of `golden`, checks their series, and gives them as we would write them.
std::string check_frames(const Golden& golden) {
  Bytes rewritten;
  FrameReader reader(1 << 20);
  reader.feed(golden.response);
  for (const GoldenSeries& expected : golden.series) {
    const auto message = reader.next();
    REQUIRE(message.has_value());
    REQUIRE(message->has_value());
    const auto frame = decode_chunked_frame({(*message)->data(), (*message)->size()}, {});
    REQUIRE(frame.has_value());
    REQUIRE(frame->series.size() == 1);
    CHECK(static_cast<std::size_t>(frame->query_index) == expected.query);
    CHECK(frame->series[0].labels == expected.labels);
    const auto& chunks = frame->series[0].chunks;
    const bool is_float = expected.histogram_times.empty();
    const auto first = is_float ? expected.floats.front().t : expected.histogram_times.front();
    CHECK(chunks.at(0).min_time == first);
    CHECK((chunks[0].encoding == Encoding::xor_float) == is_float);
    const FrameSize size(frame->query_index, expected.labels, chunks);
    append_frame(frame->query_index, expected.labels, chunks, size, rewritten);
  }
  CHECK_FALSE(reader.next()->has_value());
  CHECK(reader.at_boundary());
  return std::string(rewritten.view());
}

TEST_CASE("streams of real servers decode to what is expected, and encode to the same bytes") {
  for (const Golden& golden : load_golden()) {
    if (!golden.chunks) continue;
    CAPTURE(golden.name);
    CHECK((check_frames(golden) == golden.response));
  }
}

void check_series(const GoldenSeries& expected, SampledSeries& series) {
  CHECK(series.result == expected.query);
  CHECK(series.labels == expected.labels);
  CHECK(series.floats == expected.floats);
  CHECK(series.histogram_count() == expected.histogram_times.size());
  for (const Timestamp t : expected.histogram_times) {
    HistogramSample histogram;
    CHECK(series.next_histogram(histogram).value());
    CHECK(histogram.t == t);
  }
}

TEST_CASE("SAMPLES answers of real servers decode bit for bit, and encode to the same message") {
  for (const Golden& golden : load_golden()) {
    if (golden.chunks) continue;
    CAPTURE(golden.name);
    auto reader = SamplesReader::open(golden.response, {});
    REQUIRE(reader.has_value());
    CHECK(reader->results() == 2);
    SampledSeries series;
    for (const GoldenSeries& expected : golden.series) {
      REQUIRE(reader->next(series).value());
      check_series(expected, series);
    }
    CHECK_FALSE(reader->next(series).value());
    auto again = SamplesReader::open(golden.response, {});
    CHECK((uncompressed(joined(*rewrite(*again))) == uncompressed(golden.response)));
  }
}

}  // namespace
}  // namespace prombraid::wire
