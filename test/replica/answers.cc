#include "replica/answers.h"

#include "chunk/float_encoder.h"
#include "series/chunk.h"
#include "wire/crc32c.h"
#include "wire/frame_writer.h"
#include "wire/samples_writer.h"
#include "wire/varint.h"

namespace prombraid::test {

std::string head(std::string_view status, const std::vector<std::string>& fields) {
  std::string out = "HTTP/1.1 " + std::string(status) + "\r\n";
  for (const auto& field : fields) out += field + "\r\n";
  return out + "\r\n";
}

std::string plain(std::string_view status, std::vector<std::string> fields, std::string_view body) {
  fields.push_back("Content-Length: " + std::to_string(body.size()));
  return head(status, fields) + std::string(body);
}

std::string streamed_head() {
  return head("200 OK",
              {"Content-Type: " + std::string(streamed_type), "Transfer-Encoding: chunked"});
}

std::string transfer_chunk(std::string_view bytes) {
  char size[24];
  std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  return size + std::string(bytes) + "\r\n";
}

std::string streamed(std::string_view body, std::size_t piece) {
  std::string out = streamed_head();
  for (std::size_t at = 0; at < body.size(); at += piece)
    out += transfer_chunk(body.substr(at, piece));
  return out + last_chunk;
}

Labels labels(const std::vector<std::pair<std::string, std::string>>& pairs) {
  Labels::Builder builder;
  for (const auto& [name, value] : pairs) builder.set(name, value);
  return builder.build();
}

std::string frame(std::size_t query, const Labels& labels, std::string_view chunk_bytes,
                  Timestamp min_time, Timestamp max_time, unsigned encoding) {
  Chunk chunk;
  chunk.min_time = min_time;
  chunk.max_time = max_time;
  chunk.encoding = static_cast<Encoding>(encoding);
  chunk.data = chunk_bytes;
  const auto index = static_cast<std::int64_t>(query);
  wire::Bytes out;
  wire::append_frame(index, labels, {&chunk, 1}, {index, labels, {&chunk, 1}}, out);
  return std::string(out.view());
}

std::string one_sample(Timestamp t, double v) {
  chunk::FloatEncoder encoder;
  encoder.append(t, bits_of(v));
  const auto encoded = encoder.finish();
  return std::string(encoded.chunk.data);
}

std::string frame_at(const Labels& labels, Timestamp t, std::size_t query) {
  return frame(query, labels, one_sample(t, 1), t, t);
}

std::string framed(std::string_view message) {
  char length[wire::max_varint_bytes];
  std::string out(length, wire::put_varint(length, message.size()));
  const std::uint32_t crc = wire::crc32c(message);
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(crc >> shift);
  return out + std::string(message);
}

std::string samples_body(const std::vector<std::vector<TestSeries>>& results) {
  wire::SamplesWriter writer;
  for (const auto& result : results) {
    writer.begin_result();
    for (const auto& series : result) {
      writer.begin_series(series.labels);
      writer.add(series.samples);
      writer.end_series();
    }
  }
  std::string body;
  const auto finished = writer.finish();
  for (const auto& buffer : finished->buffers) body += buffer;
  return body;
}

std::string samples_answer(std::string_view body) {
  return plain("200 OK", {"Content-Type: application/x-protobuf", "Content-Encoding: snappy"},
               body);
}

}  // namespace prombraid::test
