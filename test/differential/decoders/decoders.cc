/// What the decoders make of bytes, as text that differential_test.go compares with what
/// Prometheus's own make of them. Standard input: a kind, a length (4 bytes, little-endian), so
/// many bytes, and again. Standard output: `+` and the content or `-` and the error, its length
/// before it likewise.
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>

#include "chunk/decode.h"
#include "wire/chunked_frame.h"
#include "wire/frame_reader.h"

using namespace prombraid;

namespace {

using Told = Result<std::string>;

class Line {
 public:
  template <class Number>
  Line& add(Number value) {
    out_ += std::to_string(value) + ' ';
    return *this;
  }
  template <class Number>
  Line& list(const std::vector<Number>& values) {
    out_ += "[ ";
    for (const Number value : values) add(value);
    out_ += "] ";
    return *this;
  }
  Line& spans(const std::vector<BucketSpan>& spans) {
    out_ += "[ ";
    for (const BucketSpan& span : spans) add(span.offset).add(span.length);
    out_ += "] ";
    return *this;
  }
  Line& text(std::string_view text) {
    out_ += std::to_string(text.size()) + ':';
    out_ += text;
    out_ += ' ';
    return *this;
  }
  Line& end() {
    out_.back() = '\n';
    return *this;
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

Told frames(std::string_view bytes) {
  wire::FrameReader reader(1 << 16);
  Line out;
  reader.feed(bytes);
  for (;;) {
    const auto frame = reader.next();
    if (frame.has_error()) return frame.error();
    if (!*frame) break;
    out.text({(*frame)->data(), (*frame)->size()}).end();
  }
  if (!reader.at_boundary()) return Error(ErrorKind::corrupt, "torn");
  return out.take();
}

Told message(std::string_view bytes) {
  const auto frame = wire::decode_chunked_frame(bytes, {});
  if (frame.has_error()) return frame.error();
  Line out;
  out.add(frame->query_index).end();
  for (const wire::ChunkedSeries& series : frame->series) {
    for (const Label label : series.labels) out.text(label.name).text(label.value).end();
    for (const Chunk& chunk : series.chunks) {
      out.add(chunk.min_time).add(chunk.max_time).add(static_cast<unsigned>(chunk.encoding));
      out.text(chunk.data).end();
    }
  }
  return out.take();
}

/// The first byte is the encoding.
Told samples(std::string_view bytes) {
  if (bytes.empty()) return Error(ErrorKind::corrupt, "nothing");
  const Chunk chunk{0, 0, static_cast<Encoding>(bytes[0]), bytes.substr(1)};
  chunk::DecodedChunk decoded;
  if (auto done = chunk::decode(chunk, decoded); done.has_error()) return done.error();
  Line out;
  for (std::size_t i = 0; i < decoded.size(); ++i) {
    out.add(decoded.times[i]);
    if (!decoded.is_histogram()) {
      out.add(decoded.values[i]).end();
      continue;
    }
    const Histogram& h = decoded.histograms[i];
    out.add(h.sum);
    if (!h.stale()) {
      out.add(h.schema).add(h.zero_threshold).add(h.count).add(h.zero_count);
      out.spans(h.positive_spans).spans(h.negative_spans);
      out.list(h.positive_deltas).list(h.negative_deltas);
      out.list(h.positive_counts).list(h.negative_counts).list(h.custom_values);
    }
    out.end();
  }
  return out.take();
}

Told tell(char kind, std::string_view bytes) {
  switch (kind) {
    case 'f':
      return frames(bytes);
    case 'm':
      return message(bytes);
    case 'c':
      return samples(bytes);
    default:
      return Error(ErrorKind::internal, "no such kind");
  }
}

bool read(std::span<char> into) {
  return std::fread(into.data(), 1, into.size(), stdin) == into.size();
}

void write(char verdict, std::string_view text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  const char head[] = {verdict, static_cast<char>(size), static_cast<char>(size >> 8),
                       static_cast<char>(size >> 16), static_cast<char>(size >> 24)};
  std::fwrite(head, 1, sizeof head, stdout);
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

}  // namespace

int main() {
  char head[5];
  while (read(head)) {
    std::uint32_t size = 0;
    for (int i = 4; i > 0; --i) size = size << 8 | static_cast<unsigned char>(head[i]);
    if (size > 1 << 24) return 1;
    std::string bytes(size, '\0');
    if (!read(bytes)) return 1;
    const Told told = tell(head[0], bytes);
    write(told.has_value() ? '+' : '-', told.has_value() ? *told : told.error().what);
  }
  return 0;
}
