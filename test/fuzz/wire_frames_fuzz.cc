/// Any bytes as a stream of frames: no crash, and any cut of the stream gives the same frames. Any
/// bytes as a frame's message: what decodes is what the generated classes decode, and comes back
/// the same from a frame that we write.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "wire/frame_reader.h"
#include "wire/frame_writer.h"
#include "wire/oracle.h"

using namespace prombraid;
using namespace prombraid::wire;

namespace {

void expect(bool promise) {
  if (!promise) std::abort();
}

struct Outcome {
  std::vector<std::vector<char>> frames;
  std::string error;
  bool whole = false;
  bool operator==(const Outcome&) const = default;
};

Outcome read(std::string_view stream, std::size_t step) {
  Outcome out;
  FrameReader reader(1 << 16);
  while (!stream.empty() && out.error.empty()) {
    reader.feed(stream.substr(0, step));
    stream.remove_prefix(std::min(step, stream.size()));
    for (;;) {
      auto frame = reader.next();
      if (frame.has_error()) out.error = frame.error().what;
      if (frame.has_error() || !*frame) break;
      out.frames.push_back(*std::move(*frame));
    }
  }
  out.whole = reader.at_boundary();
  return out;
}

std::string write(std::int64_t query_index, const ChunkedSeries& series) {
  const FrameSize size(query_index, series.labels, series.chunks);
  Bytes out;
  append_frame(query_index, series.labels, series.chunks, size, out);
  expect(out.size() == size.frame);
  return std::string(out.view());
}

/// A decoder that has seen this and its like says the same.
void check_again(const std::string& message) {
  FrameDecoder decoder({});
  ChunkedFrame frame;
  const std::string once = told(decoder, message, frame);
  expect(told(decoder, message, frame) == once);
  if (message.empty()) return;
  std::string other = message;
  other[message.size() / 2] ^= message.back();
  (void)told(decoder, other, frame);
  expect(told(decoder, message, frame) == once);
}

void check_message(const std::string& message) {
  check_again(message);
  const auto ours = decode_chunked_frame(message, {});
  if (ours.has_error()) return;
  prometheus::ChunkedReadResponse theirs;
  expect(theirs.ParseFromString(message));
  normalise(theirs);
  expect(to_proto(*ours).SerializeAsString() == theirs.SerializeAsString());
  for (const ChunkedSeries& series : ours->series) {
    const Outcome again = read(write(ours->query_index, series), 1 << 20);
    expect(again.whole && again.frames.size() == 1);
    ChunkedFrame one;
    one.query_index = ours->query_index;
    one.series.push_back(series);
    const auto& frame = again.frames[0];
    expect(to_proto(one).SerializeAsString() == std::string(frame.begin(), frame.end()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(bytes), size);
  const Outcome whole = read(input, 1 << 20);
  expect(read(input, 1) == whole);
  expect(read(input, 7) == whole);
  for (const auto& frame : whole.frames) check_message({frame.begin(), frame.end()});
  if (input.size() < 1 << 15) check_message(input);
  return 0;
}
