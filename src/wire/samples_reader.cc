#include "wire/samples_reader.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "wire/histogram_field.h"
#include "wire/labels_field.h"
#include "wire/snappy_block.h"

namespace prombraid::wire {

namespace {

constexpr unsigned char sample_value_tag = 1 << 3 | 1;  // a fixed64
constexpr unsigned char sample_time_tag = 2 << 3 | 0;   // a varint

bool decode_any_sample(std::string_view message, Sample& out) {
  out = {};
  FieldReader in(message);
  while (in.next()) {
    if (in.number() == 1) out.v = in.fixed64();
    if (in.number() == 2) out.t = in.int64();
  }
  return in.ok();
}

/// Nearly every sample is its value and then its time, and no more.
bool decode_sample(std::string_view message, Sample& out) {
  const char* const end = message.data() + message.size();
  if (message.size() >= 11 && static_cast<unsigned char>(message[0]) == sample_value_tag &&
      static_cast<unsigned char>(message[9]) == sample_time_tag) {
    std::uint64_t t = 0;
    if (get_varint(message.data() + 10, end, t) == end) {
      std::memcpy(&out.v, message.data() + 1, 8);
      out.t = static_cast<Timestamp>(t);
      return true;
    }
  }
  return decode_any_sample(message, out);
}

constexpr std::uint32_t labels_field = 1;
constexpr std::uint32_t samples_field = 2;
constexpr std::uint32_t histograms_field = 4;

}  // namespace

Result<bool> SampledSeries::next_histogram(HistogramSample& out) {
  // The whole message was read once already, so no field of it can be malformed.
  while (rest_.next()) {
    if (rest_.number() != histograms_field) continue;
    if (auto done = decode_histogram(rest_.bytes(), out); done.has_error()) return done.error();
    return true;
  }
  return false;
}

SamplesReader::SamplesReader(Bytes decoded, const AnswerLimits& limits)
    : decoded_(std::move(decoded)),
      limits_(limits),
      labels_(limits.series),
      answer_(decoded_.view()) {}

Result<SamplesReader> SamplesReader::open(std::string_view snappy_body,
                                          const AnswerLimits& limits) {
  auto decoded = uncompress_block(snappy_body, limits.max_answer_bytes, "--read.max-response-bytes",
                                  ErrorKind::corrupt);
  if (decoded.has_error()) return std::move(decoded).error().in("SAMPLES answer");
  SamplesReader reader(*std::move(decoded), limits);
  FieldReader in(reader.decoded_.view());
  while (in.next()) {
    if (in.number() == 1 && in.type() == WireType::bytes) ++reader.results_;
  }
  if (!in.ok()) return in.error(ErrorKind::corrupt, "SAMPLES answer: ReadResponse");
  return reader;
}

Result<bool> SamplesReader::next(SampledSeries& out) {
  for (;;) {
    while (result_.next()) {
      if (result_.number() != 1) continue;
      out.result = begun_ - 1;
      if (auto done = decode_series(result_.bytes(), out); done.has_error()) {
        return std::move(done).error().in("SAMPLES answer");
      }
      return true;
    }
    if (!result_.ok()) return result_.error(ErrorKind::corrupt, "SAMPLES answer: QueryResult");
    do {
      if (!answer_.next()) {
        if (answer_.ok()) return false;
        return answer_.error(ErrorKind::corrupt, "SAMPLES answer: ReadResponse");
      }
    } while (answer_.number() != 1);
    result_ = FieldReader(answer_.bytes());
    ++begun_;
  }
}

Error SamplesReader::bad_sample(const SampledSeries& out) const {
  if (out.floats.size() < limits_.max_series_samples) {
    return Error(ErrorKind::corrupt, "Sample: malformed");
  }
  return Error(ErrorKind::limit, "series has more samples than max_series_samples (" +
                                     std::to_string(limits_.max_series_samples) + ")");
}

Result<void> SamplesReader::decode_series(std::string_view message, SampledSeries& out) {
  out.floats.clear();
  out.histogram_count_ = 0;
  FieldReader in(message.substr(labels_.begin(message)));
  while (in.next()) {
    switch (in.number()) {
      case labels_field:
        if (auto done = labels_.add(in.bytes()); done.has_error()) return done;
        break;
      case samples_field: {
        // No Result here: to make and destroy one costs as much as the sample itself.
        Sample sample;
        if (out.floats.size() >= limits_.max_series_samples || !decode_sample(in.bytes(), sample)) {
          return bad_sample(out);
        }
        out.floats.push_back(sample);
        break;
      }
      case histograms_field:
        (void)in.bytes();  // for its type
        ++out.histogram_count_;
        break;
    }
  }
  if (!in.ok()) return in.error(ErrorKind::corrupt, "TimeSeries");
  if (auto built = labels_.build(out.labels); built.has_error()) return built;
  out.rest_ = FieldReader(message);
  return {};
}

}  // namespace prombraid::wire
