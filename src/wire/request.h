/// The question of remote_read: one snappy block that holds a prompb.ReadRequest
/// (prompb/remote.proto; decoded by Prometheus in storage/remote/codec.go, DecodeReadRequest).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "series/matcher.h"
#include "series/sample.h"
#include "wire/read_limits.h"

namespace prombraid::wire {

/// What PromQL says about how it will use the answer. A Prometheus server trims to `range`, when
/// hints are present, instead of the query's own range (tsdb/querier.go, Select).
struct ReadHints {
  std::int64_t step_ms = 0;
  std::string func;
  TimeRange range;
  std::vector<std::string> grouping;
  bool by = false;
  std::int64_t range_ms = 0;

  bool operator==(const ReadHints&) const = default;
};

struct Query {
  TimeRange range;
  std::vector<Matcher> matchers;
  std::optional<ReadHints> hints;

  bool operator==(const Query&) const = default;
};

struct ReadRequest {
  std::vector<Query> queries;
  /// prompb.ReadRequest.ResponseType by number, the most wanted first; the enum is open.
  std::vector<std::uint32_t> accepted;

  bool operator==(const ReadRequest&) const = default;
};

/// Decodes a request's body. The length that snappy declares is checked against the limit and
/// against what so few bytes could hold before anything is allocated. Unknown fields are skipped.
/// Errors: limit (names it), bad_request (not snappy, not Protobuf, a wrong wire type, an unknown
/// matcher type).
Result<ReadRequest> decode_read_request(std::string_view snappy_body, const RequestLimits& limits);

/// The body of a request, byte for byte as Prometheus's client would write its Protobuf.
std::string encode_read_request(const ReadRequest& request);

/// prompb.ReadRequest.ResponseType.
enum class ResponseType : std::uint8_t { samples = 0, streamed_chunks = 1 };

/// The first type that is known; SAMPLES where the list is empty; else bad_request
/// (storage/remote/codec.go, NegotiateResponseType).
Result<ResponseType> negotiate(const std::vector<std::uint32_t>& accepted);

/// The Content-Type of each answer, to the byte: clients compare by prefix.
std::string_view content_type(ResponseType type);

}  // namespace prombraid::wire
