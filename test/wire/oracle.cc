#include "wire/oracle.h"

#include <algorithm>

#include <snappy.h>

namespace prombraid::wire {

namespace {

void add_hints(const ReadHints& hints, prometheus::ReadHints& out) {
  out.set_step_ms(hints.step_ms);
  out.set_func(hints.func);
  out.set_start_ms(hints.range.start);
  out.set_end_ms(hints.range.end);
  for (const std::string& label : hints.grouping) out.add_grouping(label);
  out.set_by(hints.by);
  out.set_range_ms(hints.range_ms);
}

template <class Message>
void add_labels(const Labels& labels, Message& out) {
  for (const Label label : labels) {
    auto& added = *out.add_labels();
    added.set_name(std::string(label.name));
    added.set_value(std::string(label.value));
  }
}

template <class Message>
void normalise_labels(Message& message) {
  auto& labels = *message.mutable_labels();
  std::sort(labels.begin(), labels.end(),
            [](const auto& a, const auto& b) { return a.name() < b.name(); });
  labels.erase(std::remove_if(labels.begin(), labels.end(),
                              [](const auto& label) { return label.value().empty(); }),
               labels.end());
}

void normalise_histogram(prometheus::Histogram& h) {
  const bool is_float = h.has_count_float();
  if (is_float) {
    if (!h.has_zero_count_float()) h.set_zero_count_float(0);
    h.clear_positive_deltas();
    h.clear_negative_deltas();
  } else {
    if (!h.has_count_int()) h.set_count_int(0);
    if (!h.has_zero_count_int()) h.set_zero_count_int(0);
    h.clear_positive_counts();
    h.clear_negative_counts();
  }
}

void add_counts(const Histogram& h, prometheus::Histogram& out) {
  if (h.is_float) {
    out.set_count_float(as_double(h.count));
    out.set_zero_count_float(as_double(h.zero_count));
  } else {
    out.set_count_int(h.count);
    out.set_zero_count_int(h.zero_count);
  }
  for (const auto bits : h.positive_counts) out.add_positive_counts(as_double(bits));
  for (const auto bits : h.negative_counts) out.add_negative_counts(as_double(bits));
  for (const auto bits : h.custom_values) out.add_custom_values(as_double(bits));
  for (const auto delta : h.positive_deltas) out.add_positive_deltas(delta);
  for (const auto delta : h.negative_deltas) out.add_negative_deltas(delta);
}

}  // namespace

prometheus::ReadRequest to_proto(const ReadRequest& request) {
  prometheus::ReadRequest out;
  for (const Query& query : request.queries) {
    auto& added = *out.add_queries();
    added.set_start_timestamp_ms(query.range.start);
    added.set_end_timestamp_ms(query.range.end);
    for (const Matcher& matcher : query.matchers) {
      auto& to = *added.add_matchers();
      to.set_type(static_cast<prometheus::LabelMatcher::Type>(matcher.type));
      to.set_name(matcher.name);
      to.set_value(matcher.value);
    }
    if (query.hints) add_hints(*query.hints, *added.mutable_hints());
  }
  for (const std::uint32_t type : request.accepted) {
    out.add_accepted_response_types(static_cast<prometheus::ReadRequest::ResponseType>(type));
  }
  return out;
}

prometheus::ChunkedReadResponse to_proto(const ChunkedFrame& frame) {
  prometheus::ChunkedReadResponse out;
  out.set_query_index(frame.query_index);
  for (const ChunkedSeries& series : frame.series) {
    auto& added = *out.add_chunked_series();
    add_labels(series.labels, added);
    for (const Chunk& chunk : series.chunks) {
      auto& to = *added.add_chunks();
      to.set_min_time_ms(chunk.min_time);
      to.set_max_time_ms(chunk.max_time);
      to.set_type(static_cast<prometheus::Chunk::Encoding>(chunk.encoding));
      to.set_data(std::string(chunk.data));
    }
  }
  return out;
}

void to_proto(const HistogramSample& sample, prometheus::Histogram& out) {
  const Histogram& h = sample.h;
  add_counts(h, out);
  out.set_sum(as_double(h.sum));
  out.set_schema(h.schema);
  out.set_zero_threshold(as_double(h.zero_threshold));
  out.set_reset_hint(static_cast<prometheus::Histogram::ResetHint>(h.reset_hint));
  out.set_timestamp(sample.t);
  for (const BucketSpan& span : h.positive_spans) {
    auto& to = *out.add_positive_spans();
    to.set_offset(span.offset);
    to.set_length(span.length);
  }
  for (const BucketSpan& span : h.negative_spans) {
    auto& to = *out.add_negative_spans();
    to.set_offset(span.offset);
    to.set_length(span.length);
  }
}

Result<prometheus::ReadResponse> to_proto(SamplesReader& reader) {
  prometheus::ReadResponse out;
  for (std::size_t i = 0; i < reader.results(); ++i) out.add_results();
  SampledSeries series;
  HistogramSample histogram;
  for (;;) {
    const auto more = reader.next(series);
    if (more.has_error()) return more.error();
    if (!*more) return out;
    auto& added = *out.mutable_results(static_cast<int>(series.result))->add_timeseries();
    add_labels(series.labels, added);
    for (const Sample& sample : series.floats) {
      auto& to = *added.add_samples();
      to.set_value(as_double(sample.v));
      to.set_timestamp(sample.t);
    }
    for (;;) {
      const auto another = series.next_histogram(histogram);
      if (another.has_error()) return another.error();
      if (!*another) break;
      to_proto(histogram, *added.add_histograms());
    }
  }
}

std::string told(FrameDecoder& decoder, std::string_view message, ChunkedFrame& frame) {
  const auto done = decoder.decode(message, frame);
  return done.has_error() ? done.error().what : to_proto(frame).SerializeAsString();
}

void normalise(prometheus::ReadRequest& request) {
  request.DiscardUnknownFields();
}

void normalise(prometheus::ChunkedReadResponse& frame) {
  frame.DiscardUnknownFields();
  for (auto& series : *frame.mutable_chunked_series()) {
    normalise_labels(series);
    for (auto& chunk : *series.mutable_chunks()) {
      if (chunk.type() < 0 || chunk.type() > 255) {
        chunk.set_type(static_cast<prometheus::Chunk::Encoding>(255));
      }
    }
  }
}

void normalise(prometheus::ReadResponse& answer) {
  answer.DiscardUnknownFields();
  for (auto& result : *answer.mutable_results()) {
    for (auto& series : *result.mutable_timeseries()) {
      normalise_labels(series);
      series.clear_exemplars();
      for (auto& histogram : *series.mutable_histograms()) normalise_histogram(histogram);
    }
  }
}

namespace {

Result<void> rewrite_series(SampledSeries& series, SamplesWriter& writer) {
  writer.begin_series(series.labels);
  writer.add(series.floats);
  HistogramSample histogram;
  for (;;) {
    const auto another = series.next_histogram(histogram);
    if (another.has_error()) return another.error();
    if (!*another) break;
    writer.add(histogram.t, histogram.h);
  }
  writer.end_series();
  return {};
}

}  // namespace

Result<BufferList> rewrite(SamplesReader& reader) {
  SamplesWriter writer;
  std::size_t begun = 0;
  SampledSeries series;
  for (;;) {
    const auto more = reader.next(series);
    if (more.has_error()) return more.error();
    for (; begun < (*more ? series.result + 1 : reader.results()); ++begun) writer.begin_result();
    if (!*more) return writer.finish();
    if (auto done = rewrite_series(series, writer); done.has_error()) return done.error();
  }
}

std::string joined(const BufferList& list) {
  std::string out;
  for (const std::string& buffer : list.buffers) out += buffer;
  return out;
}

std::string compressed(const std::string& bytes) {
  std::string out;
  snappy::Compress(bytes.data(), bytes.size(), &out);
  return out;
}

std::string uncompressed(const std::string& block) {
  std::string out;
  if (!snappy::Uncompress(block.data(), block.size(), &out)) out.clear();
  return out;
}

}  // namespace prombraid::wire
