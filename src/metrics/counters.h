/// What is counted, grouped by who counts it: a thread, a replica, a DNS name. The label values of
/// a metric are the enumerators and lists here, so no peer can make new ones.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <string_view>

#include "metrics/cell.h"

namespace prombraid::metrics {

/// One C per enumerator of E, which has `count_` as its last one.
template <class E, class C>
class Per {
 public:
  static constexpr std::size_t size = static_cast<std::size_t>(E::count_);
  C& operator[](E e) { return cells_[static_cast<std::size_t>(e)]; }
  const C& operator[](E e) const { return cells_[static_cast<std::size_t>(e)]; }

 private:
  std::array<C, size> cells_;
};

/// One C per name of a fixed list, for what other rooms give a name to. A name that is not in the
/// list is counted as `other`.
template <const auto& names, class C>
class Named {
 public:
  static constexpr std::size_t size = std::size(names) + 1;
  static constexpr std::string_view name(std::size_t i) {
    return i < std::size(names) ? names[i] : "other";
  }

  C& operator[](std::string_view name) {
    const auto* found = std::find(std::begin(names), std::end(names), name);
    return cells_[static_cast<std::size_t>(found - std::begin(names))];
  }
  const C& at(std::size_t i) const { return cells_[i]; }

 private:
  std::array<C, size> cells_;
};

/// How a read ended.
enum class Outcome {
  ok,
  partial,      ///< ended well, with fewer replicas than the set has
  bad_request,  ///< 400 for what the client sent
  limit,        ///< 400 or 503 for a stated limit
  unavailable,  ///< 503: fewer than --read.min-replicas answered
  aborted,      ///< the connection was broken after the first byte, for the same reason
  loop,         ///< the read had come from here
  canceled,     ///< the client went away
  internal,
  count_
};
const char* name_of(Outcome outcome);

/// What the client was answered with; `none` where it never came to an answer.
enum class ResponseType { none, samples, streamed, count_ };
const char* name_of(ResponseType type);

/// The stated limits that a request or an answer can hit.
enum class Limit {
  request_bytes,
  queries,   ///< and lists of other things in a request
  matchers,  ///< their number and their length
  series,    ///< of an answer
  labels,
  label_bytes,
  samples,
  frame_bytes,     ///< of a replica's frame, or of the one that a series would need
  series_bytes,    ///< of all frames of a replica's series
  response_bytes,  ///< of a replica's answer
  memory,
  count_
};
const char* name_of(Limit limit);

/// Why an answer was partial.
enum class PartialReason { replica_failed, replica_lost_midway, straggler, count_ };
const char* name_of(PartialReason reason);

/// Why a replica's read failed: the names of replica::FailureReason.
inline constexpr std::string_view failure_reasons[] = {
    "refused",        "connect_timeout", "reset",
    "timeout",        "cancelled",       "status_3xx",
    "status_4xx",     "status_5xx",      "bad_http",
    "content_type",   "corrupt_frame",   "torn",
    "text_after_200", "limit",           "unknown_encoding",
    "unsorted",       "corrupt_chunk",   "straggler"};

/// Why a DNS lookup gave no set that is believed: discovery's Answer::reason, and what
/// RefreshPolicy calls an answer that says "nothing there".
inline constexpr std::string_view lookup_failures[] = {
    "nxdomain", "empty", "server", "timeout", "malformed", "cname_loop", "restarted"};

/// Which part of the server a request came to, and how.
inline constexpr std::string_view routes[] = {"/api/v1/read",    "/-/healthy",
                                              "/-/ready",        "/-/reload",
                                              "/metrics",        "/",
                                              "/api/v1/labels",  "/api/v1/label/*/values",
                                              "/api/v1/series",  "/api/v1/metadata",
                                              "/api/v1/query",   "/api/v1/query_range",
                                              "/api/v1/coverage"};
inline constexpr std::string_view methods[] = {"GET", "HEAD", "POST", "PUT"};

/// The status codes that are told apart; every other one is counted as `other`.
inline constexpr unsigned status_codes[] = {200, 400, 401, 403, 404, 405, 408, 411, 413, 414,
                                            417, 422, 429, 431, 500, 501, 503, 505, 508};

/// One a thread, written by that thread alone. Add in bulk: once a series, not once a sample.
struct ThreadCounters {
  Per<ResponseType, Per<Outcome, Cell>> reads;
  Per<ResponseType, DurationHistogram<Cell>> read_duration;
  Cell reads_in_flight;  ///< gauge
  Cell reads_queued;     ///< gauge: wait for --storage.remote.read-concurrent-limit
  Per<Limit, Cell> limit_hits;
  Per<PartialReason, Cell> partial;
  Cell loops;

  Cell series_in;  ///< strands: a series counts once a replica
  Cell series_out;
  Cell series_joined;  ///< had a part in more than one set
  Cell samples_in;
  Cell samples_out;
  Cell samples_filled;  ///< taken from another replica than the leading one
  Cell chunks_passed;   ///< sent with the bytes they came in
  Cell chunks_rewritten;

  void count_request(std::string_view route, std::string_view method, unsigned status);
  Named<routes, Named<methods, std::array<Cell, std::size(status_codes) + 1>>> requests;
};

/// One a replica, written by all threads.
struct ReplicaCounters {
  SharedCell requests;
  Named<failure_reasons, SharedCell> failures;
  SharedCell received_bytes;
  DurationHistogram<SharedCell> first_byte;
  SharedCell several;  ///< gauge: 1 where different processes answer at the address
  SharedCell up;       ///< 1 where the last request or look succeeded
};

/// One a configured name.
struct DiscoveryCounters {
  SharedCell lookups;
  Named<lookup_failures, SharedCell> failures;
  SharedCell addresses;        ///< gauge: of the set in use
  SharedCell last_success_ms;  ///< since the epoch; 0 before the first
};

}  // namespace prombraid::metrics
