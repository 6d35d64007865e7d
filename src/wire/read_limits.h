/// How much a peer may ask of our memory. Every limit is checked before anything is allocated, and
/// its error (ErrorKind::limit) names the flag that sets it, else the limit as it is spelled here.
#pragma once

#include <cstddef>

namespace prombraid::wire {

/// Of one read request.
struct RequestLimits {
  std::size_t max_body_bytes = 32 << 20;  ///< decoded; --limits.request-bytes
  std::size_t max_queries = 1000;         ///< --limits.queries-per-request; a Prometheus sends one
  std::size_t max_matchers = 512;         ///< of one query; --limits.matchers-per-query
  std::size_t max_name_bytes = 4096;      ///< of a matcher's name, a hint's function or grouping
  std::size_t max_value_bytes = 1 << 20;  ///< of a matcher's value; --limits.matcher-bytes
  std::size_t max_grouping = 512;         ///< labels in one query's hints
  std::size_t max_accepted_types = 64;
};

/// Of one series that a replica sends.
struct SeriesLimits {
  std::size_t max_labels = 1000;          ///< --limits.labels-per-series
  std::size_t max_label_bytes = 1 << 20;  ///< names and values; --limits.label-bytes-per-series
  std::size_t max_chunks = 1 << 20;       ///< of one series in one frame (40 bytes each here)
  std::size_t max_series_per_frame = 1 << 16;  ///< Prometheus sends one, Mimir may send several
};

/// Of one replica's whole SAMPLES answer.
struct AnswerLimits {
  std::size_t max_answer_bytes = 256 << 20;   ///< decoded; --read.max-response-bytes
  std::size_t max_series_samples = 16 << 20;  ///< float samples of one series (16 bytes each here)
  SeriesLimits series;
};

}  // namespace prombraid::wire
