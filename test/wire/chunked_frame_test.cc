#include "wire/chunked_frame.h"

#include <limits>
#include <random>

#include <doctest/doctest.h>

#include "wire/frame_reader.h"
#include "wire/frame_writer.h"
#include "wire/oracle.h"

namespace prombraid::wire {
namespace {

using prometheus::ChunkedReadResponse;

void add_label(prometheus::ChunkedSeries& series, const std::string& name,
               const std::string& value) {
  auto& label = *series.add_labels();
  label.set_name(name);
  label.set_value(value);
}

ChunkedReadResponse example() {
  ChunkedReadResponse frame;
  frame.set_query_index(3);
  auto& series = *frame.add_chunked_series();
  add_label(series, "__name__", "up");
  add_label(series, "job", "\xff");
  for (const std::string& data : {std::string("ab"), std::string(5000, 'c'), std::string("de")}) {
    auto& chunk = *series.add_chunks();
    chunk.set_min_time_ms(std::numeric_limits<std::int64_t>::min());
    chunk.set_max_time_ms(static_cast<std::int64_t>(data.size()));
    chunk.set_type(prometheus::Chunk::XOR);
    chunk.set_data(data);
  }
  return frame;
}

Result<ChunkedFrame> decode(const std::string& message, const SeriesLimits& limits = {}) {
  return decode_chunked_frame(message, limits);
}

TEST_CASE("a frame of the generated classes is decoded into views") {
  const std::string message = example().SerializeAsString();
  const auto frame = decode(message);
  REQUIRE(frame.has_value());
  CHECK(frame->query_index == 3);
  CHECK(to_string(frame->series.at(0).labels) == "{__name__=\"up\", job=\"\xff\"}");
  CHECK(to_proto(*frame).SerializeAsString() == message);
  const std::string_view data = frame->series[0].chunks.at(1).data;
  CHECK((message.data() < data.data() && data.data() < message.data() + message.size()));
}

TEST_CASE("a frame that we write is what Protobuf would write, its head right") {
  const std::string message = example().SerializeAsString();
  const auto frame = decode(message);
  const ChunkedSeries& series = frame->series.at(0);
  const FrameSize size(3, series.labels, series.chunks);
  Bytes bytes;
  bytes.append("before");
  append_frame(3, series.labels, series.chunks, size, bytes);
  CHECK(size.message == message.size());
  CHECK(bytes.size() == 6 + size.frame);
  FrameReader reader(message.size());
  reader.feed(bytes.view().substr(6));
  const auto read = reader.next();
  REQUIRE(read.has_value());
  REQUIRE(read->has_value());
  CHECK(std::string((*read)->begin(), (*read)->end()) == message);
}

TEST_CASE("labels are sorted, empty values dropped, several series kept apart") {
  ChunkedReadResponse frame = example();
  auto& second = *frame.add_chunked_series();
  add_label(second, "z", "1");
  add_label(second, "gone", "");
  add_label(second, "a", "2");
  const std::string message = frame.SerializeAsString();
  auto decoded = decode(message);
  REQUIRE(decoded->series.size() == 2);
  CHECK(to_string(decoded->series[1].labels) == R"({a="2", z="1"})");
  const Strand strand = copy_to_strand(std::move(decoded->series[0]));
  CHECK(strand.chunks.at(1).data == std::string(5000, 'c'));
  CHECK(strand.chunks[1].data.data() == strand.buffers.at(0).data() + 2);
  CHECK(decode("")->series.empty());
}

/// The labels of a frame whose one series has one Label message of these bytes.
std::string labels_of(const std::string& label) {
  const std::string series = "\x0a" + std::string(1, static_cast<char>(label.size())) + label;
  const std::string message = "\x0a" + std::string(1, static_cast<char>(series.size())) + series;
  const auto frame = decode(message);
  return frame.has_value() ? to_string(frame->series.at(0).labels) : frame.error().what;
}

TEST_CASE("a label may be coded in any way that Protobuf reads") {
  const std::string name = "\x0a\x01n";
  const std::string value = "\x12\x01v";
  CHECK(labels_of(name + value) == R"({n="v"})");
  CHECK(labels_of(value + name) == R"({n="v"})");
  CHECK(labels_of(name + value + "\x18\x07") == R"({n="v"})");
  CHECK(labels_of(name + "\x12\x81" + std::string(1, 0) + "v") == R"({n="v"})");
  CHECK(labels_of("\x0a\x01m" + name + value) == R"({n="v"})");
  CHECK(labels_of(name) == "{}");
  CHECK(labels_of(name + std::string("\x12\0", 2)) == "{}");
  CHECK(labels_of(value).find("an empty name") != std::string::npos);
  CHECK(labels_of(name + "\x12\x02v").find("Label") != std::string::npos);
  const std::string longest(118, 'v');
  CHECK(labels_of(name + "\x12\x76" + longest) == "{n=\"" + longest + "\"}");
}

TEST_CASE("an encoding of any number stays unknown, never one of ours") {
  ChunkedReadResponse frame = example();
  frame.mutable_chunked_series(0)->mutable_chunks(0)->set_type(
      static_cast<prometheus::Chunk::Encoding>(257));
  const std::string message = frame.SerializeAsString();
  CHECK(static_cast<int>(decode(message)->series[0].chunks[0].encoding) == 255);
}

TEST_CASE("of the frame before nothing is left") {
  ChunkedReadResponse many = example();
  for (int i = 0; i < 3000; ++i) {
    *many.mutable_chunked_series(0)->add_chunks() = example().chunked_series(0).chunks(0);
  }
  const std::string long_one = many.SerializeAsString();
  const std::string short_one = example().SerializeAsString();
  FrameDecoder decoder({});
  ChunkedFrame frame;
  for (const std::string& message : {long_one, short_one, std::string(), short_one}) {
    REQUIRE(decoder.decode(message, frame).has_value());
    CHECK(to_proto(frame).SerializeAsString() == message);
    CHECK(decoder.decode("\x0a\x02\x08\x01", frame).has_error());
  }
}

/// A series of few labels, some of them empty or out of order, and of few chunks with times of few
/// bytes or of six.
void add_series(ChunkedReadResponse& frame, std::mt19937& random) {
  const auto below = [&](unsigned n) { return static_cast<int>(random() % n); };
  auto& series = *frame.add_chunked_series();
  for (const char* name : {"a", "b", "c", "d"}) {
    if (below(4) != 0) add_label(series, name, std::string(static_cast<unsigned>(below(3)), 'v'));
  }
  if (below(8) == 0 && series.labels_size() > 1) series.mutable_labels()->SwapElements(0, 1);
  for (int k = below(4); k > 0; --k) {
    auto& chunk = *series.add_chunks();
    chunk.set_min_time_ms(below(2) == 0 ? below(3) : 1'700'000'000'000 + below(2));
    chunk.set_max_time_ms(1'700'000'900'000 + below(2));
    chunk.set_type(prometheus::Chunk::XOR);
    chunk.set_data(std::string(static_cast<unsigned>(2 + 100 * below(3)), 'x'));
  }
}

TEST_CASE("what is remembered of a series never shows in the next") {
  std::mt19937 random(1);
  FrameDecoder used({});
  ChunkedFrame frame;
  int whole = 0;
  for (int i = 0; i < 20'000; ++i) {
    ChunkedReadResponse next;
    for (auto k = random() % 3 + 1; k > 0; --k) add_series(next, random);
    std::string message = next.SerializeAsString();
    if (random() % 4 == 0) message[random() % message.size()] ^= static_cast<char>(random());
    ChunkedFrame first;
    FrameDecoder unused({});
    const std::string wanted = told(unused, message, first);
    CAPTURE(i);
    REQUIRE(told(used, message, frame) == wanted);
    whole += FrameDecoder({}).decode(message, first).has_value();
  }
  CHECK(whole > 15'000);
  CHECK(whole < 19'900);
}

TEST_CASE("a chunk's fields come in any order, and its length in five bytes at most") {
  std::string message;  // that the chunk points into
  const auto chunk_of = [&message](const std::string& chunk) {
    const std::string series = "\x12" + std::string(1, static_cast<char>(chunk.size())) + chunk;
    message = "\x0a" + std::string(1, static_cast<char>(series.size())) + series;
    return decode(message);
  };
  const std::string usual("\x08\x01\x10\x02\x18\x01\x22\x02xy", 10);
  const std::string turned("\x22\x02xy\x18\x01\x10\x02\x08\x01", 10);
  const std::string more = usual + std::string("\x28\x00", 2);
  const std::string twice = usual + std::string("\x08\x01", 2);
  for (const std::string& chunk : {usual, turned, more, twice}) {
    const auto frame = chunk_of(chunk);
    REQUIRE(frame.has_value());
    const Chunk& read = frame->series.at(0).chunks.at(0);
    CHECK(read.min_time == 1);
    CHECK(read.max_time == 2);
    CHECK(read.encoding == Encoding::xor_float);
    CHECK(read.data == "xy");
  }
  const std::string five("\x08\x01\x10\x02\x18\x01\x22\x82\x80\x80\x80\x00xy", 14);
  const std::string six("\x08\x01\x10\x02\x18\x01\x22\x82\x80\x80\x80\x80\x00xy", 15);
  CHECK(chunk_of(five).has_value());
  CHECK(chunk_of(six).error().kind == ErrorKind::corrupt);
  CHECK(chunk_of(usual.substr(0, 9)).error().kind == ErrorKind::corrupt);
}

template <class Change>
Error error_after(Change change, const SeriesLimits& limits = {}) {
  ChunkedReadResponse frame = example();
  change(frame, *frame.mutable_chunked_series(0));
  const auto decoded = decode(frame.SerializeAsString(), limits);
  return decoded.has_error() ? decoded.error() : Error(ErrorKind::internal, "no error");
}

TEST_CASE("what no honest replica sends is corrupt") {
  const auto kind = [](auto change) { return error_after(change).kind; };
  CHECK(kind([](auto&, auto& s) { add_label(s, "job", "y"); }) == ErrorKind::corrupt);
  CHECK(kind([](auto&, auto& s) { add_label(s, "", "y"); }) == ErrorKind::corrupt);
  CHECK(kind([](auto& f, auto&) { f.set_query_index(-1); }) == ErrorKind::corrupt);
  CHECK(kind([](auto&, auto& s) { s.mutable_chunks(0)->set_data("x"); }) == ErrorKind::corrupt);
  CHECK(decode("\x0a\x02\x08\x01").error().kind == ErrorKind::corrupt);
  CHECK(decode(std::string("\x80\x82\x80\x80\x00\x01", 6)).has_value());  // an unknown field
  CHECK(decode(std::string("\x5a\x80\x80\x80\x80\x00", 6)).has_value());
  CHECK(decode(std::string("\x5a\x80\x80\x80\x80\x80\x00", 7)).error().kind == ErrorKind::corrupt);
  CHECK(decode(std::string("\x80\x82\x80\x80\x80\x00\x01", 7)).error().kind == ErrorKind::corrupt);
}

TEST_CASE("each limit refuses what passes it, by its name") {
  const struct {
    const char* name;
    std::size_t SeriesLimits::* limit;
    std::size_t inclusive;
  } cases[] = {
      {"--limits.labels-per-series", &SeriesLimits::max_labels, 2},
      {"--limits.label-bytes-per-series", &SeriesLimits::max_label_bytes, 14},
      {"max_chunks", &SeriesLimits::max_chunks, 3},
      {"max_series_per_frame", &SeriesLimits::max_series_per_frame, 1},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const auto nothing = [](auto&, auto&) {};
    SeriesLimits limits;
    limits.*c.limit = c.inclusive;
    CHECK(error_after(nothing, limits).what == "no error");
    limits.*c.limit = c.inclusive - 1;
    const Error error = error_after(nothing, limits);
    CHECK(error.kind == ErrorKind::limit);
    CHECK(error.what.find(c.name) != std::string::npos);
  }
}

}  // namespace
}  // namespace prombraid::wire
