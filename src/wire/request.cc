#include "wire/request.h"

#include "wire/field_reader.h"
#include "wire/snappy_block.h"

namespace prombraid::wire {

namespace {

Error beyond(const std::string& what, const char* limit, std::size_t value) {
  return Error(ErrorKind::limit, what + " than " + limit + " (" + std::to_string(value) + ")");
}

Result<Matcher> decode_matcher(std::string_view message, const RequestLimits& limits) {
  std::uint32_t type = 0;
  std::string_view name;
  std::string_view value;
  FieldReader in(message);
  while (in.next()) {
    if (in.number() == 1) type = in.uint32();
    if (in.number() == 2) name = in.bytes();
    if (in.number() == 3) value = in.bytes();
  }
  if (!in.ok()) return in.error(ErrorKind::bad_request, "LabelMatcher");
  if (type > 3) {
    return Error(ErrorKind::bad_request, "invalid matcher type " + std::to_string(type));
  }
  if (name.size() > limits.max_name_bytes) {
    return beyond("matcher has a longer name", "max_name_bytes", limits.max_name_bytes);
  }
  if (value.size() > limits.max_value_bytes) {
    return beyond("matcher has a longer value", "--limits.matcher-bytes", limits.max_value_bytes);
  }
  return Matcher{static_cast<MatchType>(type), std::string(name), std::string(value)};
}

/// Into `hints`: a message that comes twice is merged, by the rules of Protobuf.
Result<void> decode_hints(std::string_view message, const RequestLimits& limits, ReadHints& hints) {
  FieldReader in(message);
  while (in.next()) {
    if (in.type() == WireType::bytes && in.bytes().size() > limits.max_name_bytes) {
      return beyond("hints have a longer field", "max_name_bytes", limits.max_name_bytes);
    }
    switch (in.number()) {
      case 1:
        hints.step_ms = in.int64();
        break;
      case 2:
        hints.func = in.bytes();
        break;
      case 3:
        hints.range.start = in.int64();
        break;
      case 4:
        hints.range.end = in.int64();
        break;
      case 5:
        if (hints.grouping.size() == limits.max_grouping) {
          return beyond("hints have more labels", "max_grouping", limits.max_grouping);
        }
        hints.grouping.emplace_back(in.bytes());
        break;
      case 6:
        hints.by = in.varint() != 0;
        break;
      case 7:
        hints.range_ms = in.int64();
        break;
    }
  }
  if (!in.ok()) return in.error(ErrorKind::bad_request, "ReadHints");
  return {};
}

Result<void> add_matcher(std::string_view message, const RequestLimits& limits, Query& query) {
  if (query.matchers.size() == limits.max_matchers) {
    return beyond("query has more matchers", "--limits.matchers-per-query", limits.max_matchers);
  }
  auto matcher = decode_matcher(message, limits);
  if (matcher.has_error()) return matcher.error();
  query.matchers.push_back(*std::move(matcher));
  return {};
}

Result<Query> decode_query(std::string_view message, const RequestLimits& limits) {
  Query query;
  FieldReader in(message);
  while (in.next()) {
    Result<void> done;
    switch (in.number()) {
      case 1:
        query.range.start = in.int64();
        break;
      case 2:
        query.range.end = in.int64();
        break;
      case 3:
        done = add_matcher(in.bytes(), limits, query);
        break;
      case 4:
        if (!query.hints) query.hints.emplace();
        done = decode_hints(in.bytes(), limits, *query.hints);
        break;
    }
    if (done.has_error()) return done.error();
  }
  if (!in.ok()) return in.error(ErrorKind::bad_request, "Query");
  return query;
}

Result<void> add_accepted(std::uint32_t type, const RequestLimits& limits, ReadRequest& request) {
  if (request.accepted.size() == limits.max_accepted_types) {
    return beyond("request has more response types", "max_accepted_types",
                  limits.max_accepted_types);
  }
  request.accepted.push_back(type);
  return {};
}

/// Packed or one by one: a decoder takes both.
Result<void> decode_accepted(FieldReader& in, const RequestLimits& limits, ReadRequest& request) {
  if (in.type() != WireType::bytes) return add_accepted(in.uint32(), limits, request);
  const std::string_view packed = in.bytes();
  const char* const end = packed.data() + packed.size();
  for (const char* at = packed.data(); at != end;) {
    std::uint64_t type = 0;
    at = get_varint(at, end, type);
    if (at == nullptr) return Error(ErrorKind::bad_request, "bad varint among response types");
    auto added = add_accepted(static_cast<std::uint32_t>(type), limits, request);
    if (added.has_error()) return added;
  }
  return {};
}

Result<void> add_query(std::string_view message, const RequestLimits& limits,
                       ReadRequest& request) {
  if (request.queries.size() == limits.max_queries) {
    return beyond("request has more queries", "--limits.queries-per-request", limits.max_queries);
  }
  auto query = decode_query(message, limits);
  if (query.has_error()) {
    return std::move(query).error().in("query " + std::to_string(request.queries.size()));
  }
  request.queries.push_back(*std::move(query));
  return {};
}

Result<ReadRequest> decode_message(std::string_view message, const RequestLimits& limits) {
  ReadRequest request;
  FieldReader in(message);
  while (in.next()) {
    Result<void> done;
    if (in.number() == 1) done = add_query(in.bytes(), limits, request);
    if (in.number() == 2) done = decode_accepted(in, limits, request);
    if (done.has_error()) return done.error();
  }
  if (!in.ok()) return in.error(ErrorKind::bad_request, "ReadRequest");
  return request;
}

}  // namespace

Result<ReadRequest> decode_read_request(std::string_view snappy_body, const RequestLimits& limits) {
  auto body = uncompress_block(snappy_body, limits.max_body_bytes, "--limits.request-bytes",
                               ErrorKind::bad_request);
  if (body.has_error()) return std::move(body).error().in("read request");
  auto request = decode_message(body->view(), limits);
  if (request.has_error()) return std::move(request).error().in("read request");
  return request;
}

}  // namespace prombraid::wire
