/// The bytes of answers, good ones and parts to make bad ones of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "series/labels.h"
#include "series/sample.h"

namespace prombraid::test {

inline constexpr std::string_view streamed_type =
    "application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse";

/// `HTTP/1.1 STATUS X` with these field lines (each without CRLF) and the empty line.
std::string head(std::string_view status, const std::vector<std::string>& fields);

/// A whole answer with Content-Length.
std::string plain(std::string_view status, std::vector<std::string> fields, std::string_view body);

/// The head of a streamed answer, chunked transfer coding announced.
std::string streamed_head();
/// One chunk of the transfer coding; `last_chunk` ends the body.
std::string transfer_chunk(std::string_view bytes);
inline const std::string last_chunk = "0\r\n\r\n";
/// A whole streamed answer, `body` cut into transfer chunks of `piece` bytes.
std::string streamed(std::string_view body, std::size_t piece = 4096);

Labels labels(const std::vector<std::pair<std::string, std::string>>& pairs);

/// One frame that holds one series with one chunk of `encoding` and these bytes.
std::string frame(std::size_t query, const Labels& labels, std::string_view chunk_bytes,
                  Timestamp min_time, Timestamp max_time, unsigned encoding = 1);
/// A whole XOR chunk: one sample.
std::string one_sample(Timestamp t, double v);
/// A frame whose one series has one sample, at `t`, of value 1.
std::string frame_at(const Labels& labels, Timestamp t, std::size_t query = 0);
/// Length, right checksum and these bytes as the message.
std::string framed(std::string_view message);

struct TestSeries {
  Labels labels;
  std::vector<Sample> samples;
};
/// The body of a SAMPLES answer with these results.
std::string samples_body(const std::vector<std::vector<TestSeries>>& results);
/// The whole answer to it.
std::string samples_answer(std::string_view body);

}  // namespace prombraid::test
